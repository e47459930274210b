/**
 * What the patterns of detectors hang on: repeated and mixed, these make the worst texts we know. The test of linear
 * time and the benchmark read them.
 */
export const HOSTILE_PIECES: readonly string[] = [
  ..."1a@.-:=_/?+~( \n\u200bé１A,[{\"'<",
  // runs of digits and what is made of them
  ...[
    "1-",
    "1 ",
    "4111 ",
    "4111111111111111 ",
    "4 1 1 1 ",
    "536-22-8726 ",
    "536228726 ",
    "DE89 ",
    "AA11",
    "12.34 ",
  ],
  ...[
    "+1 (",
    "+1",
    "+1 202 555 0123 ",
    "(202) 555-0123 ",
    "0171 1234567, ",
    "tel 030 123456 ",
    "1/2/",
    "(1)",
  ],
  ...[
    "1.2.3.4:80 ",
    "1.1.",
    "1.2.3.4 ",
    "a:",
    "1:",
    "::",
    "f::",
    "2001:db8:",
    "1:2:3:4:5:6:7:8 ",
    "10.0.0.1,",
  ],
  // addresses of mail and places, names
  ...["a@a.", "@a.co ", "a@a.co ", "a.com ", " at ", "[at]", "a at a dot ", "a@", " @ "],
  ...[
    "Aa ",
    "A. ",
    "Mr. ",
    "Mr. Aa ",
    "Anna ",
    "Anna Aa ",
    "name: ",
    "my name is ",
    "Éa ",
    "von ",
    "Aa-",
    "O'",
  ],
  ...[
    "1 Aa ",
    "1 Aa Street ",
    "Aastraße 1 ",
    "street 1 ",
    "rue de la ",
    "1a 1",
    "12345 Aa ",
    "P.O. Box ",
    "SW1A 1",
  ],
  // links
  ...[
    "//a.b/",
    "http://",
    "http:\\\\a.b/",
    "https://a.b/(",
    "http://[::",
    "://a:b@",
    "![](http://a.co/?",
    "data:a/b,",
  ],
  // secrets
  ...[
    "eyJ-",
    "eyJa.eyJa.",
    "sk-ant-api03-",
    "sk-",
    "ops_ey",
    "xoxb-1-",
    "sntrys_eyJ",
    "aaa8Q~",
    "AKIA",
    "AIza",
  ],
  ...[
    "QUJDQUJDQUJDQUJD/",
    "password=",
    "token=token=",
    "key=",
    "key=1a2b3c4d ",
    'key="a" value=',
    "pass: 'a' ",
  ],
  ...[
    "-----BEGIN ",
    "-----BEGIN PRIVATE KEY-----",
    "apiVersion: kind: secret\ndata:\n",
    "password for a is ",
  ],
  ...["legal ", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "ssn ", "phone ", "iban card "],
];

/** `unit` again and again until the text has `length` characters. */
export function repeated(unit: string, length: number): string {
  return unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
}
