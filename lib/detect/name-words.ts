const words = (list: string): ReadonlySet<string> => new Set(list.split(/\s+/));

/** Forms of address before a name. With a dot where that is usual; small letters. */
export const TITLES = words(
  "mr mrs ms mx miss dr prof professor doctor sir madam lord lady dame mister herr frau fräulein monsieur madame mademoiselle " +
    "mme mlle señor señora señorita sr sra srta don doña signor signora signorina sig dott dottor dottoressa senhor senhora " +
    "dhr mevr mevrouw meneer pan pani paní hr fru fröken rabbi sheikh hadji judge officer detective sergeant captain " +
    "господин госпожа κύριος κυρία κ",
);

/** Between the parts of a name. */
export const PARTICLES = words(
  "von van de der den del della di da dos das du la le el al bin ibn bint ter ten zu af av of y e",
);

/** Endings of family names in languages that mark them; at least three letters stand before. */
export const FAMILY_ENDING =
  /^(?!(?:comparison|reason|person|salesperson|chairperson|season|lesson|prison|poison|crimson|unison|liaison|venison|garrison|treason|chosen|gemini|human|woman|common|demo|promo|pokemon|iceberg|rhinestone|milestone|comparison)$).{3}(?:sson|sen|dóttir|dottir|ová|ova|eva|ov|ev|sky|ski|ska|cki|cka|czyk|wicz|vich|ić|enko|chuk|nen|yan|shvili|adze|oğlu|escu|eanu|opoulos|akis|idis|ides|berger|mann|stein|feld|bach|hofer|maier|meyer|huber|ström|qvist|kvist|lund|berg|gaard|gård|strom|inho|ñez|guez|ndez|rez|mez|vez|elli|etti|ucci|ini|oni|son|worth|moto|mura|yama|kawa|uchi|zaki|hara|bashi|guchi)$/;

/** Family names that many bear and that are hardly words; small letters. */
export const FAMILY_NAMES = words(
  `smith johnson williams jones davis miller wilson anderson thomas jackson thompson harris clark lewis robinson walker
  allen wright scott adams nelson campbell mitchell roberts phillips evans edwards collins stewart morris murphy
  rogers peterson bailey howard ward richardson watson brooks bennett hughes myers sullivan russell hamilton griffin
  hayes ellis harrison gibson mcdonald marshall murray freeman simpson patterson reynolds fisher stevens ferguson
  henderson burke dixon burns gordon shaw holmes robertson palmer nichols armstrong pearson
  müller schmidt schneider fischer meyer wagner becker schulz hoffmann schäfer koch bauer richter schröder neumann
  schwarz zimmermann krüger hartmann lange schmitt krause lehmann köhler herrmann walter peters martin bernard dubois
  thomas robert petit durand leroy moreau simon laurent lefebvre michel garcia bertrand roux vincent fournier morel girard
  andré lefèvre mercier dupont lambert bonnet garcía rodríguez gonzález fernández lópez martínez sánchez pérez gómez
  martín jiménez ruiz hernández díaz moreno muñoz álvarez romero alonso gutiérrez navarro torres domínguez vázquez ramos
  garcia rodriguez gonzalez fernandez lopez martinez sanchez perez gomez silva santos oliveira souza pereira lima
  carvalho ferreira ribeiro almeida costa rossi russo ferrari esposito bianchi romano colombo ricci marino greco conti
  jansen janssen vries bakker visser smit meijer mulder bos vos peters hendriks dekker novák novotný dvořák černý
  procházka kowalski nowak wiśniewski wójcik kamiński nagy kovács tóth szabó horváth varga kiss molnár németh ivanov
  petrov sidorov smirnov kuznetsov popov volkov papadopoulos kaya yılmaz demir çelik khan ahmed hussain sharma patel
  singh kumar gupta verma reddy nair chen wang zhang liu yang huang zhao zhou wong chan tanaka suzuki sato takahashi
  watanabe yamamoto nakamura kobayashi kim choi jung nguyen tran pham okafor adeyemi mensah ndlovu nkosi dlamini`,
);

/** Begin sentences, or stand in capitals without being a name: not taken for one, and a name ends before them. */
export const NO_NAMES = words(
  `a an the this that these those i you he she it we they me him her us them my your his its our their who whom whose what
  which when where why how if then else and or but nor so yet for of in on at to from by with without about above after again
  all also although always am another any are as ask back be because been before being below between both can cannot could
  did do does doing done down during each either enough even ever every everyone few find first follow further get give go
  good great had has have having here hi hello hey dear thanks thank regards sincerely best kind warm cheers yes no not now
  note off ok okay once one two three four five six seven eight nine ten only other otherwise out over own per please rather
  same see seen send set several shall should since some someone something soon still such sure take tell than their there
  therefore though through thus too under until up upon use used using very via want was well were while will within would
  write yesterday today tomorrow let make made many may might mine more most much must never new next nobody none nothing
  old original originally add also answer based begin bot user assistant system human ai customer agent client name names
  monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october
  november december english french german spanish italian portuguese dutch russian chinese japanese korean arabic hindi
  american british european african asian indian canadian australian mexican irish scottish greek turkish polish czech
  danish swedish norwegian finnish hungarian romanian jewish christian muslim catholic roman latin western eastern northern
  southern north south east west central america europe africa asia australia england britain united kingdom states
  republic france germany spain italy portugal netherlands belgium switzerland austria poland sweden norway denmark finland
  iceland ireland scotland wales hungary romania bulgaria greece turkey russia ukraine china japan india canada brazil
  argentina mexico israel egypt iran iraq pakistan indonesia vietnam thailand london york new los angeles san francisco
  washington boston chicago seattle texas california florida paris berlin madrid rome vienna prague warsaw moscow tokyo
  beijing shanghai delhi mumbai sydney toronto dubai amsterdam brussels zurich geneva lisbon dublin city state county
  university college school institute department ministry government council committee commission agency bank company
  corporation corp inc llc ltd gmbh group holdings international national federal world global association foundation
  society club team church hospital hotel restaurant museum airport station park street avenue road square lane drive
  court house hall center centre building bridge river lake mountain island bay beach valley fort mount street st ave
  apt suite box email mail phone tel fax address website web site http https www com org net subject date time from to cc
  sent re fw fwd attached attachment file folder page chapter section part figure table title type id number code key value
  true false null none error warning info debug note notes important example question answer step steps task output input
  result results response request instructions prompt message messages data model version update click learn read more
  view show hide close open start stop end help support contact privacy policy terms service services sign log login
  password account card credit invoice order payment price total amount balance transaction transfer usd eur gbp
  google microsoft apple amazon facebook twitter instagram linkedin youtube openai chatgpt gpt claude anthropic gemini meta
  netflix spotify tesla android windows linux macos ios python java javascript typescript react node sql html css json xml
  api url pdf csv excel word powerpoint outlook slack zoom github docker kubernetes aws azure cloud bitcoin ethereum nasa
  fbi cia nato un eu usa uk us ceo cto cfo hr vp president minister king queen prince princess pope saint god lord jesus
  christ bible quran mother father mom dad brother sister uncle aunt son daughter wife husband friend friends boss sir
  ma'am mister guys everyone folks team project meeting conference call event events party birthday christmas easter
  halloween holiday summer winter spring autumn fall morning afternoon evening night day week month year hour minute
  manager director officer engineer developer analyst consultant assistant secretary accountant lawyer attorney doctor
  nurse teacher professor student employee employer owner member members staff sales marketing finance legal human
  resources product products design research development technology technologies software hardware network security
  systems solutions services media news press times post journal magazine book books novel story song album movie film
  series season episode game games music art history science math physics chemistry biology economics philosophy
  psychology medicine health food water fire air earth sun moon star sea sky gold silver black white red blue green
  yellow orange purple brown pink gray big small long short high low top bottom left right inner outer upper lower
  super ultra mega mini micro multi auto self non anti pre post sub inter intra trans semi full half double single
  der die das und ist ein eine wie was wo wer ich sie er wir ihr mit von zu le la les un une et est que qui je vous nous il
  elle el los las una que es y en con por para como se lo su mi o os as um uma e não com di il gli è per sono`,
);
