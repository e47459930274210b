/** A request to the decision point that can be pasted into a shell. */
export function curlSnippet(decisionPoint: string, useCase: string, credential: string): string {
  const request = {
    action: "prompt",
    useCase,
    model: "openai/gpt-4o",
    sessionId: "first-test",
    messages: [{ role: "user", content: "Hello" }],
  };
  return [
    `curl ${decisionPoint}/v1/decisions \\`,
    `  -H 'Authorization: Bearer ${credential}' \\`,
    "  -H 'Content-Type: application/json' \\",
    `  -d '${JSON.stringify(request)}'`,
  ].join("\n");
}
