/** What a task credential is made from, as its token type ends (RFC 8693, section 3). */
export type Exchanged = "access_token" | "jwt";

/** A token exchange that can be pasted into a shell; the credential itself is read from a variable. */
export function exchangeSnippet(decisionPoint: string, useCase: string, from: Exchanged): string {
  const variable = from === "jwt" ? "TOKEN" : "SLUICE_KEY";
  return [
    `curl ${decisionPoint}/v1/token \\`,
    "  -d grant_type=urn:ietf:params:oauth:grant-type:token-exchange \\",
    `  -d subject_token_type=urn:ietf:params:oauth:token-type:${from} \\`,
    `  --data-urlencode "subject_token=$${variable}" \\`,
    `  -d use_case=${useCase} \\`,
    "  --data-urlencode 'task=refund 4711' \\",
    "  -d purpose=customer-support -d expires_in=900",
  ].join("\n");
}
