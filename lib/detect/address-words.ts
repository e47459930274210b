/** Words that make a street of what stands beside them; from the postal habits of the countries named. */

const words = (list: string): ReadonlySet<string> => new Set(list.split(" "));

/** "12 High Street": the word stands last; it means little else. */
export const TYPE_LAST = words(
  "street st avenue ave road rd lane ln drive boulevard blvd terrace crescent cres highway hwy parkway pkwy mews turnpike str",
);
/** The same, but the word has other uses: only in capitals after a capital. */
export const TYPE_LAST_VAGUE = words(
  "dr court ct way place pl close square sq circle cir trail trl alley loop row gardens grove hill rise walk wharf quay " +
    "green heights plaza path pass bridge park view mount manor meadow meadows orchard vale field fields gate courts " +
    "streets roads lanes av",
);
/** "12 place de la Paix": the word stands first, behind the number only; it has other uses. */
export const TYPE_AFTER_NUMBER = words("place route cours passage quai corso largo");
/** "12 rue de la Paix", "Calle Mayor 5", "ul. Długa 5": the word stands first. */
export const TYPE_FIRST = words(
  "rue avenue av ave boulevard bd blvd allée allee chemin impasse " +
    "calle c/ avenida avda avd paseo plaza carrera camino carretera ronda travesía travesia callejón glorieta rúa praza " +
    "rua travessa praça praca estrada alameda rodovia " +
    "via viale piazza piazzale vicolo strada lungomare " +
    "ul ulica al aleja aleje plac os osiedle ulice třída náměstí nábřeží trg cesta " +
    "bulevardul str calea aleea улица ул проспект пр-т пр переулок пер площадь οδός οδος λεωφόρος jalan jl carrer avinguda",
);
/** "Erzsébet tér 19", "Karl Johans gate 22": the word stands between name and number. */
export const TYPE_BEFORE_NUMBER = words(
  "utca út tér körút sétány köz gate gata vei väg gata gade vej plads allé alle straße strasse str platz weg gasse ring damm " +
    "straat laan plein weg kade tänav tee cesta ulica ulice terrasse street road avenue",
);
/** "Hauptstraße 5", "Storgatan 12", "Mannerheimintie 7": the end of a word. */
export const STREET_ENDING =
  /.{3}(?:stra(?:ß|ss)e|str\.|gasse|platz|allee|chaussee|damm|ufer|weg|steig|straat|laan|plein|gracht|kade|singel|dijk|steeg|gatan|gata|gaten|gade|vägen|gränd|torget|stigen|backen|vej|vejen|veien|vegen|vegur|stræti|stræde|straeti|braut|nkatu|ntie|nkuja|npolku|kaari|nrinne)$/;

export const UNIT =
  /(?:apartment|apt|suite|ste|unit|flat|floor|room|rm|bldg|building|wohnung|whg|stiege|piso|apto|dpto|lgh|appt|bât)\.? ?#?(?:\d[\w-]{0,5}|[a-z]\d{0,4})(?![\w])/iy;

const PLACE =
  "[ ,\\n]{1,3}\\p{Lu}[\\p{L}'’-]{1,24}(?: (?:\\p{Lu}[\\p{L}'’-]{1,24}|of|de|del|da|do|di|am|an der|la|le|na|upon|on)){0,3}";
const CODE =
  "(?:[ ,\\n]{1,3}(?:[A-Z]{2}[ -])?\\d{4,6}(?:-\\d{3,4})?(?![\\d-])|[ ,\\n]{1,3}[A-Z]{1,2}\\d[A-Z\\d]? ?\\d[A-Z]{2}(?![\\p{L}\\d])|[ ,\\n]{1,3}[A-Z]\\d[A-Z] ?\\d[A-Z]\\d(?![\\p{L}\\d])|[ ,\\n]{1,3}\\d{4} ?[A-Z]{2}(?![\\p{L}\\d])|[ ,\\n]{1,3}\\d{5}-\\d{3}|[ ,\\n]{1,3}\\d{2}-\\d{3}|[ ,\\n]{1,3}\\d{3} \\d{2}(?!\\d))";
/** A postcode with the places around it, after the street. */
export const PLACE_AND_CODE = new RegExp(`(?:${PLACE}){0,3}${CODE}(?:${PLACE})?`, "uy");
/** A town after a comma or on the next line. */
export const TOWN =
  /(?:,\n?|\n) {0,2}\p{Lu}[\p{L}'’-]{1,24}(?: \p{Lu}[\p{L}'’-]{1,24}){0,2}(?![\p{L}\d'’])(?: ?(?=[,.\n]|$))/uy;

/** Boxes and military posts. */
export const BOX =
  /(?:\bp\.? ?o\.? ?box|\bpost ?box|\bpostfach|\bpostboks|\bpostbus|\bpostilokero|\bapartado(?: de correos)?|\bcaixa postal|\bcasella postale|\b(?:psc|unit|cmr) \d{1,5},? box) {0,2}#?\d{1,7}(?:[,\n ]{1,3}(?:[afd]po) a[aep] \d{5})?|\b[afd]po,? a[aep] \d{5}/gi;

/** Postcodes whose form says what they are: United Kingdom, Canada, Netherlands, state and ZIP, country and ZIP. */
export const LONE_CODE =
  /\b(?:[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2}|[ABCEGHJ-NPRSTVXY]\d[A-Z] \d[A-Z]\d|[1-9]\d{3} (?!AM|PM|AD|BC|CE|KB|MB|GB|TB|KG|KM|HP|US|EU|UK)[A-Z]{2}|(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]) \d{5}(?:-\d{4})?)\b/g;
