import { describe, expect, it } from "vitest";
import { DETECTORS } from "@/lib/detect/registry";

/** Characters that look drawn by chance, so that no real credential stands in a test. */
const RANDOM = "q7Zt2LmX9vB4nKc8RfW3hYp6JdG5sTbA1eUoViNxQyMzCkHgDw0PjSlEaFrIuO".repeat(5);
const HEX = "9f3b7c1d5e8a2046bd17c39e50f8a6427bc1".repeat(5);
const random = (length: number, skip = 0) => RANDOM.slice(skip, skip + length);
const hex = (length: number) => HEX.slice(0, length);

function levels(text: string): number[] {
  return (DETECTORS["secrets"]?.(text) ?? []).map((hit) => hit.level);
}

describe("secrets", () => {
  it.each([
    ["openai", `sk-proj-${random(74)}T3BlbkFJ${random(74, 9)}`],
    ["openai, old", `sk-${random(48)}`],
    ["anthropic", `sk-ant-api03-${random(93)}AA`],
    ["openai, service account", `sk-svcacct-${random(74)}T3BlbkFJ${random(74, 9)}`],
    ["openai, administrator", `sk-admin-${random(74)}T3BlbkFJ${random(74, 9)}`],
    ["anthropic, administrator", `sk-ant-admin01-${random(93)}AA`],
    ["deepseek", `sk-${hex(32)}`],
    ["openrouter", `sk-or-v1-${hex(64)}`],
    ["together", `tgp_v1_${random(43)}`],
    ["elevenlabs", `sk_${hex(48)}`],
    ["langfuse", `sk-lf-${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}`],
    ["langsmith", `lsv2_pt_${hex(32)}_${hex(10)}`],
    ["helicone", `sk-helicone-${random(32)}`],
    ["nvidia", `nvapi-${random(64)}`],
    ["cerebras", `csk-${random(48)}`],
    ["pinecone", `pcsk_${random(64)}`],
    ["tavily", `tvly-dev-${random(32)}`],
    ["jina", `jina_${random(60)}`],
    ["firecrawl", `fc-${hex(32)}`],
    ["gemini, new form", `AQ.Ab8RN6${random(44)}`],
    ["azure openai, new form", `${random(52)}JQQJ99${random(26, 7)}`],
    ["groq", `gsk_${random(52)}`],
    ["xai", `xai-${random(80)}`],
    ["perplexity", `pplx-${random(48)}`],
    ["replicate", `r8_${random(37)}`],
    ["hugging face", `hf_${random(60).replace(/\d/g, "").slice(0, 34)}`],
    ["aws", "AKIA" + "QYLPMN5HFIQR7XYA"],
    ["google", `AIza${random(35)}`],
    ["github", `ghp_${random(36)}`],
    ["gitlab", `glpat-${random(20)}`],
    ["slack", `xoxb-263594206564-${random(24)}`],
    ["stripe", `sk_live_${random(24)}`],
    ["databricks", `dapi${hex(32)}`],
    ["databricks, service principal", `dose${hex(32)}`],
    ["azure", `abc8Q~${random(34)}`],
    ["vault", `hvs.${random(95)}`],
    ["npm", `npm_${random(36)}`],
  ])("knows the form of %s at L1, with anything around it", (_, token) => {
    expect(levels(token)).toEqual([1]);
    expect(levels(`curl -H "x: ${token}" https://a.example`)).toEqual([1]);
    expect(levels(`key=${token}\n`)).toEqual([1]);
    expect(levels(`${token.slice(0, 12)}\u200b${token.slice(12)}`)).toEqual([1]);
  });

  it("takes a private key whole", () => {
    const key = `-----BEGIN RSA PRIVATE KEY-----\n${random(64)}\n${random(64, 5)}\n-----END RSA PRIVATE KEY-----`;
    expect(DETECTORS["secrets"]?.(`see ${key} there`)).toEqual([
      { detector: "secrets", level: 1, start: 4, end: 4 + key.length },
    ]);
  });

  it.each([
    ["a JSON web token", `eyJhbGciOiJIUzI1NiJ9.eyJ${random(40)}.${random(43)}`, 2],
    ["a password in an address", "postgres://app:hunter2horse@db.internal/app", 2],
    ["a value beside its provider", 'SNYK_TOKEN = "1f0c7a52-9b3e-4d81-a6f4-0c2e7d95b813"', 2],
    ["fireworks", `fw_${random(24)}`, 2],
    ["litellm", `sk-${random(22)}`, 2],
    ["voyage", `pa-${random(43)}`, 2],
    ["mistral, by name", `MISTRAL_API_KEY=${random(32)}`, 2],
    ["cohere, by name", `"cohere_api_key": "${random(40)}"`, 2],
    ["portkey, by name", `PORTKEY_API_KEY=${random(28)}`, 2],
    ["azure openai, by name", `AZURE_OPENAI_API_KEY: ${hex(32)}`, 2],
    ["a name and a made value", `api_key: "${random(24)}"`, 3],
    ["a name and a password", 'password = "Tr0ub4dor&3"', 3],
    ["a name and a word", "db_password: correcthorse", 4],
    ["a sentence", "The password for the vault is Tr0ub4dor3.", 4],
    ["a stand-in in an issuer's form", `ghp_${"x".repeat(36)}`, 4],
    ["the example of a manual", "AKIAIOSFODNN7EXAMPLE", 4],
  ])("puts %s at its level", (_, text, level) => {
    expect(levels(text)).toEqual([level]);
  });

  it.each([
    "max_tokens: 409600",
    "password: $" + "{DB_PASSWORD}",
    "api_key = process.env.API_KEY",
    "api_key: <your key>",
    "the password is wrong",
    "sk-learn is a library",
    "commit 43fc912ef59a83054ea7f6706df4d53a7dea4d80",
    "https://host.example/path",
  ])("leaves %j alone", (text) => {
    expect(levels(text)).toEqual([]);
  });
});
