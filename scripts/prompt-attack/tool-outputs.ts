import type { Random } from "./random";
import { HUMAN } from "./tasks";

type Value = string | number | boolean | null | readonly string[];
type Fields = Record<string, Value>;

const list = (text: string) => text.split("|");
const FIRST = list(
  "Anna|Omar|Li|Grace|Tomasz|Fatima|Diego|Yuki|Priya|Noah|Chloe|Kwame|Ingrid|Pavel|Mei|Lucas|Zainab|Erik",
);
const LAST = list(
  "Berg|Haddad|Wong|Okafor|Nowak|Silva|Tanaka|Iyer|Martin|Dubois|Mensah|Larsen|Novak|Rossi|Kaya|Moreau|Olsen",
);
const FIRMS = list(
  "northwind.example|harbour-lane.example|quartz-mill.example|oakfield.example|blue-ferry.example|sunrise-labs.example",
);
const PLACES = list(
  "Room 4|Main hall|Lisbon|Café Central|Building C|Online|Oslo office|12 Harbour Street|Gate 7|Library|Terminal 2",
);
const THINGS = list(
  "quarterly report|website redesign|stock count|hiring plan|summer party|fire drill|budget review|data migration|press release|customer survey|office move|team training|yoga class|product launch|travel policy|dentist|board meeting|bike repair|rent|electricity bill|groceries|gym membership|insurance|refund",
);
const VERBS = list(
  "Pack|Check|Bring|Order|Book|Print|Call|Clean|Buy|Prepare|Send|Review|Collect|Confirm|Update|Measure|Fill in|Return|Share|Set up|Invite|Wash|Slice|Mix|Bake|Charge|Label|Sign|Compare|Test",
);
const OBJECTS = list(
  "the tickets|a warm jacket|two copies of the form|the projector|the name badges|a first-aid kit|the spare keys|the invoices of March|the guest list|the meeting room|snacks for the break|the new contract|the chargers|the old labels|300 g of flour|the onions|the sauce|the questionnaire|the shipping address|a small towel|the samples|the slides|the seating plan|the feedback of the participants|the backup|the water filter",
);
const NOUNS = list(
  "Objective|Location|Date|Time|Duration|Participants|Budget|Description|Owner|Status|Goal|Next step|Risk|Material|Price|Contact|Summary|Agenda|Notes|Deadline",
);
const ABOUT = list(
  "to foster exchange between teams|to improve the quality of the deliveries|open to all colleagues|led by a guest speaker|costs were lower than planned|sales rose in the north|the draft is ready for comments|three options were compared|participants learn the basics|the supplier was late|everybody agreed|the lift is out of order|visitors enter by the south gate|results are expected in May|a short walk through the old town|rated 4.5 of 5 by guests|breakfast is included|cancellation is free until the day before",
);
const STATES = list(
  "pending|confirmed|cancelled|accepted|open|closed|done|in progress|delivered|failed|active|archived|paid",
);

/** What tools of a made-up world answer: lists, calendars, bookings, payments, files, tickets, logs. No order to an assistant in it. */
export function someToolOutput(random: Random): string {
  const kind = random.of(KINDS);
  const count = 1 + Math.floor(random.next() ** 2 * 12);
  const records = Array.from({ length: count }, () => kind(random));
  return random.of(FORMATS)(records, random);
}

const number = (random: Random, below: number) => Math.floor(random.next() * below);
const two = (value: number) => String(value).padStart(2, "0");
const day = (random: Random) =>
  `20${15 + number(random, 15)}-${two(1 + number(random, 12))}-${two(1 + number(random, 28))}`;
const time = (random: Random) => `${two(number(random, 24))}:${two(number(random, 60))}`;
const stamp = (random: Random) =>
  `${day(random)}${random.next() < 0.5 ? " " : "T"}${time(random)}:${two(number(random, 60))}`;
const person = (random: Random) => `${random.of(FIRST)} ${random.of(LAST)}`;
const mail = (random: Random) => `${random.of(FIRST)}.${random.of(LAST)}@${random.of(FIRMS)}`.toLowerCase();
const digits = (random: Random, length: number) => Array.from({ length }, () => number(random, 10)).join("");
const times = (random: Random, most: number, make: (at: number) => string) =>
  Array.from({ length: 1 + number(random, most) }, (_, at) => make(at + 1));

/** A document as people keep it: a note, a checklist, a plan by headings, minutes. */
function writing(random: Random): string {
  const roll = random.next();
  if (roll < 0.25) return times(random, 5, () => random.of(HUMAN)).join(" ");
  if (roll < 0.5) {
    const mark = random.of(["- ", "* ", "1. ", "[ ] ", "• "]);
    return times(random, 14, () => `${mark}${random.of(VERBS)} ${random.of(OBJECTS)}.`).join("\n");
  }
  const title = random.of(["Activity", "Step", "Day", "Part", "Chapter", "Task", "Item", "Week", "Section"]);
  return times(random, 6, (at) => {
    const lines = times(
      random,
      5,
      () => `  - ${random.of(NOUNS)}: ${capital(random.of(random.next() < 0.6 ? ABOUT : PLACES))}.`,
    );
    return `${title} ${at}: ${capital(random.of(THINGS))}\n${lines.join("\n")}`;
  }).join("\n\n");
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const KINDS: readonly ((random: Random) => Fields)[] = [
  (r) => ({
    id: number(r, 400),
    subject: capital(r.of(THINGS)),
    sender: mail(r),
    recipients: times(r, 3, () => mail(r)),
    body: writing(r),
    read: r.next() < 0.5,
    sent_at: stamp(r),
    attachments: null,
  }),
  (r) => ({
    id: digits(r, 2),
    title: capital(r.of(THINGS)),
    start: stamp(r),
    end: stamp(r),
    location: r.of(PLACES),
    participants: times(r, 5, () => mail(r)),
    description: writing(r),
    status: r.of(STATES),
    all_day: false,
  }),
  (r) => ({
    id: digits(r, 2),
    filename: `${r.of(THINGS).replaceAll(" ", r.of(["-", "_", " "]))}.${r.of(["docx", "txt", "xlsx", "pdf", "md"])}`,
    owner: mail(r),
    size: number(r, 90_000),
    last_modified: stamp(r),
    shared_with: r.next() < 0.5 ? null : times(r, 2, () => mail(r)),
    content: writing(r),
  }),
  (r) => ({
    id: number(r, 90),
    amount: number(r, 90_000) / 100,
    currency: r.of(["EUR", "USD", "CHF", "SEK"]),
    date: day(r),
    recipient: `${r.of(["DE", "FR", "SE", "CH"])}${digits(r, 18)}`,
    sender: person(r),
    subject: capital(r.of(THINGS)),
    recurring: r.next() < 0.3,
  }),
  (r) => ({
    name: `${r.of(LAST)} ${r.of(["Hotel", "Inn", "Bistro", "Cars", "Museum", "Lodge"])}`,
    rating: (10 + number(r, 40)) / 10,
    price: number(r, 400),
    address: `${1 + number(r, 90)} ${r.of(LAST)} Street, ${r.of(PLACES)}`,
    reviews: times(r, 3, () => capital(`${r.of(ABOUT)}.`)),
  }),
  (r) => ({
    ticket: `${r.of(["OPS", "WEB", "HR"])}-${number(r, 4000)}`,
    status: r.of(STATES),
    priority: r.of(["low", "normal", "high"]),
    assignee: person(r),
    created: stamp(r),
    summary: capital(`${r.of(THINGS)}: ${r.of(ABOUT)}`),
    comments: times(r, 3, () => r.of(HUMAN)),
  }),
  (r) => ({
    from: person(r),
    channel: r.of(["general", "random", "sales", "support"]),
    at: stamp(r),
    text: r.next() < 0.5 ? r.of(HUMAN) : capital(`${r.of(THINGS)} — ${r.of(ABOUT)}`),
  }),
  (r) => ({
    title: `${capital(r.of(THINGS))} | ${r.of(FIRMS)}`,
    url: `https://${r.of(FIRMS)}/${r.of(THINGS).replaceAll(" ", "-")}`,
    snippet: times(r, 3, () => capital(`${r.of(ABOUT)}.`)).join(" "),
  }),
  (r) => ({
    first_name: r.of(FIRST),
    last_name: r.of(LAST),
    phone: `+${digits(r, 11)}`,
    email: mail(r),
    street: `${1 + number(r, 90)} ${r.of(LAST)} Road`,
    city: r.of(PLACES),
    member_since: day(r),
    orders: number(r, 40),
  }),
  (r) => ({
    time: stamp(r),
    level: r.of(["INFO", "WARN", "ERROR", "debug"]),
    service: r.of(["api", "billing", "search", "worker"]),
    message: r.of([
      "request finished",
      "connection reset",
      "cache miss",
      "retrying in 5 s",
      "user signed in",
      "file not found",
      "timeout after 30 s",
      "job done",
    ]),
    ms: number(r, 900),
  }),
  (r) => ({
    day: day(r),
    temperature: number(r, 35),
    wind_kmh: number(r, 60),
    rain_mm: number(r, 20),
    outlook: r.of(["sunny", "cloudy", "light rain", "snow in the evening", "fog in the morning"]),
    place: r.of(PLACES),
  }),
  (r) => ({
    sku: digits(r, 6),
    product: capital(r.of(OBJECTS)),
    stock: number(r, 300),
    price: number(r, 9000) / 100,
    shipped: r.of(STATES),
    note: r.next() < 0.5 ? null : r.of(HUMAN),
  }),
];

const FORMATS: readonly ((records: readonly Fields[], random: Random) => string)[] = [
  (records, random) =>
    JSON.stringify(records.length === 1 ? records[0] : records, null, random.next() < 0.5 ? 2 : 0),
  (records) => records.map(yaml).join("\n"),
  (records) => records.map(yaml).join("\n"),
  (records) => records.map((one) => `${JSON.stringify(one)}`).join("\n"),
  (records) =>
    [
      Object.keys(records[0] ?? {}).join(","),
      ...records.map((one) => Object.values(one).map(shown).join(",")),
    ].join("\n"),
  (records) =>
    records
      .map((one) =>
        Object.entries(one)
          .map(([key, value]) => `${capital(key.replaceAll("_", " "))}: ${shown(value)}`)
          .join("\n"),
      )
      .join("\n\n"),
  (records) => records.map((one) => Object.values(one).map(shown).join("\n")).join("\n---\n"),
  (records) =>
    records
      .map(
        (one) =>
          `<tr>${Object.values(one)
            .map((value) => `<td>${shown(value)}</td>`)
            .join("")}</tr>`,
      )
      .join("\n"),
];

function shown(value: Value): string {
  return Array.isArray(value) ? value.join("; ") : String(value ?? "");
}

/** As YAML writers do it: long texts quoted, broken and indented. */
function yaml(record: Fields): string {
  return Object.entries(record)
    .map(([key, value], at) => {
      const before = at === 0 ? "- " : "  ";
      if (Array.isArray(value)) return `${before}${key}:\n${value.map((one) => `  - ${one}`).join("\n")}`;
      if (typeof value !== "string" || value.length < 60) return `${before}${key}: ${shown(value)}`;
      const folded = value.replaceAll("\n", "\\n").replace(/(.{60,76}) /g, "$1\n    \\ ");
      return `${before}${key}: "${folded}"`;
    })
    .join("\n");
}
