import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { consoleUrl, isMailAddress, readMailSettings } from "./mail-settings";
import { composeMail, mailSubject } from "./mail-text";
import { mailProblem } from "./send-mail";
import { oneLine } from "./words";

const item = (title: string, href = "/exceptions/EXC-31") => ({ kind: "waiting", title, href });
const baseUrl = "https://sluice.example";

describe("a mail", () => {
  it("of one notice has its line as subject and one link to the thing itself", () => {
    const items = [item("EXC-31 waits on you: Payment cards for support-bot until 12 Dec 2026")];
    const subject = mailSubject(items, false);
    const mail = composeMail(items, { subject, baseUrl });
    expect(mail.subject).toBe("EXC-31 waits on you: Payment cards for support-bot until 12 Dec 2026");
    expect(mail.text.match(/https:\S+/g)).toEqual([
      `${baseUrl}/exceptions/EXC-31`,
      `${baseUrl}/settings/notifications`,
    ]);
    expect(mail.html.match(/<a /g)).toHaveLength(1);
    expect(mail.html).toContain(`<a href="${baseUrl}/exceptions/EXC-31">`);
  });

  it("of several has their count as subject, their lines, and one link to the inbox", () => {
    const items = [item("One"), item("Two")];
    expect(mailSubject(items, true)).toBe("Sluice: 2 notices of the day");
    expect(mailSubject(items, false)).toBe("Sluice: 2 notices, waiting on you");
    const mail = composeMail(items, { subject: "x", baseUrl });
    expect(mail.text).toContain("- One\n- Two\n\nhttps://sluice.example/inbox\n");
    expect(mail.html.match(/<a /g)).toHaveLength(1);
  });

  it("shows what stands in a name as text, never as markup", () => {
    const { html } = composeMail([item(`<img src=x onerror="a()">'&`, `/x"><b>`)], { subject: "x", baseUrl });
    expect(html).not.toMatch(/<img|<b>/);
    expect(html).toContain("&lt;img src=x onerror=&quot;a()&quot;&gt;&#39;&amp;");
  });

  it("has a subject of one line, whatever stands in names", () => {
    const hostile = fc.string({
      unit: fc.oneof(
        fc.constantFrom("\r", "\n", "\u2028", "\u0085", "\u0000", "Bcc: ", "\u202e"),
        fc.string(),
      ),
    });
    fc.assert(
      fc.property(hostile, (title) => {
        const subject = mailSubject([item(title)], false);
        expect(subject).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        expect(subject.length).toBeLessThanOrEqual(180);
      }),
      { numRuns: 2_000 },
    );
    expect(oneLine("EXC-1\r\nBcc: eve@example.com")).toBe("EXC-1 Bcc: eve@example.com");
  });
});

describe("an address", () => {
  it("is one plain address and nothing else", () => {
    for (const good of ["a@example.com", "first.last+tag@sub.example.co.uk", "ö@example.com"]) {
      expect(isMailAddress(good)).toBe(true);
    }
    for (const bad of [
      "",
      "a",
      "a@b@c",
      "a@example.com, b@example.com",
      "a@example.com\r\nBcc: b@example.com",
      "Ann <a@example.com>",
      "a b@example.com",
      '"a"@example.com',
      `${"x".repeat(250)}@example.com`,
    ]) {
      expect(isMailAddress(bad), bad).toBe(false);
    }
  });
});

describe("settings of mail", () => {
  const read = (url: string, from = "sluice@example.com") =>
    readMailSettings({ SLUICE_SMTP_URL: url, SLUICE_MAIL_FROM: from });

  it("are off without an address of a server", () => {
    expect(readMailSettings({})).toEqual({ state: "off" });
    expect(readMailSettings({ SLUICE_SMTP_URL: "  " })).toEqual({ state: "off" });
  });

  it("take TLS from the scheme and require STARTTLS otherwise", () => {
    expect(read("smtps://u:p%40ss@mail.example")).toEqual({
      state: "on",
      server: {
        host: "mail.example",
        port: 465,
        secure: true,
        insecure: false,
        auth: { user: "u", pass: "p@ss" },
        from: "sluice@example.com",
      },
    });
    expect(read("smtp://mail.example")).toMatchObject({
      server: { port: 587, secure: false, insecure: false, auth: null },
    });
    expect(read("smtp://127.0.0.1:2525?insecure")).toMatchObject({ server: { port: 2525, insecure: true } });
    expect(read("smtp://[::1]:2525?insecure")).toMatchObject({ server: { host: "::1" } });
  });

  it("say what is wrong, and never the password", () => {
    for (const [url, from] of [
      ["smtp://mail.example?insecure", undefined],
      ["http://u:hunter2@mail.example", undefined],
      ["smtp://u:hunter2@mail.example", "not an address"],
      ["smtps://u:%zzhunter2@mail.example", undefined],
      ["mail.example:25", undefined],
    ] as const) {
      const settings = read(url, from);
      expect(settings.state, url).toBe("wrong");
      expect(JSON.stringify(settings)).not.toContain("hunter2");
    }
  });

  it("know where links begin", () => {
    expect(consoleUrl({ SLUICE_URL: "https://sluice.example/" })).toBe("https://sluice.example");
    expect(consoleUrl({ NEXTAUTH_URL: "https://a.example/console/" })).toBe("https://a.example/console");
    expect(consoleUrl({ SLUICE_URL: "javascript:alert(1)", PORT: "3001" })).toBe("http://localhost:3001");
    expect(consoleUrl({})).toBe("http://localhost:3000");
  });
});

describe("what went wrong with a mail", () => {
  it("is said in our words: no address, no text of the server", () => {
    const secret = "550 5.1.1 <ann@example.com> unknown, token hunter2";
    const error = Object.assign(new Error(secret), {
      code: "EENVELOPE",
      responseCode: 550,
      command: "RCPT TO",
      response: secret,
    });
    expect(mailProblem(error)).toEqual({
      problem: "The mail server answered 550 at RCPT TO.",
      permanent: true,
    });
    expect(mailProblem(Object.assign(new Error("x"), { code: "EAUTH", responseCode: 535 })).permanent).toBe(
      false,
    );
    expect(mailProblem(Object.assign(new Error("x"), { code: "ECONNECTION" }))).toEqual({
      problem: "The mail server cannot be reached.",
      permanent: false,
    });
    expect(mailProblem("odd").problem).toBe("The mail could not be sent.");
  });
});
