import type { Level } from "@/lib/detect/types";

/**
 * One kind of credential with a fixed beginning. `body` is what follows the beginning, every repetition bounded,
 * so that trying it anywhere costs a constant at most.
 */
interface TokenKind {
  beginnings: readonly string[];
  body: string;
  level: Level;
}

const kind = (beginnings: string, body: string, level: Level = 1): TokenKind => ({
  beginnings: beginnings.split(" "),
  body,
  level,
});

/**
 * What issuers print at the front of their credentials. Sources: the rules of
 * `@secretlint/secretlint-rule-preset-recommend` 13 (whose finds a test compares with ours; why they do not run
 * here is in docs/detectors.md) and the documentation of each issuer.
 * L1: beginning, alphabet and length are all the issuer's. L2: a beginning that other things may share.
 */
const KINDS: readonly TokenKind[] = [
  // our own: a workload's credential, a person's access token
  kind("slc_ slp_", "[a-z0-9]{8}_[\\w-]{43}(?![\\w-])"),
  // AI providers
  kind("sk-ant-api sk-ant-admin sk-ant-oat sk-ant-ort sk-ant-sid", "\\d\\d-[\\w-]{20,200}"),
  kind("sk-proj- sk-svcacct- sk-admin- sk-None-", "[\\w-]{20,260}"),
  kind("sk-or-v1-", "[0-9a-f]{48,80}"),
  kind("sk-lf- pk-lf-", "[0-9a-f-]{36}"),
  kind("sk-helicone- pk-helicone-", "[\\w-]{24,80}"),
  kind("sk-", "[A-Za-z0-9]{32,64}"),
  kind("sk-", "(?=[\\w-]{0,21}\\d)(?=[\\w-]{0,21}[A-Z])(?=[\\w-]{0,21}[a-z])[\\w-]{22}(?![\\w-])", 2),
  kind("sk_", "[0-9a-f]{48}(?![0-9a-f])"),
  kind("gsk_", "[A-Za-z0-9]{40,64}"),
  kind("hf_ api_org_", "[A-Za-z0-9]{34,40}(?![A-Za-z0-9])"),
  kind("r8_", "[A-Za-z0-9_-]{37}"),
  kind("pplx-", "[A-Za-z0-9]{32,64}"),
  kind("xai-", "[A-Za-z0-9]{70,100}"),
  kind("csk-", "[A-Za-z0-9]{40,60}"),
  kind("nvapi-", "[\\w-]{50,80}"),
  kind("fw_", "[A-Za-z0-9]{20,40}", 2),
  kind("tgp_v1_", "[\\w-]{30,60}"),
  kind("lsv2_pt_ lsv2_sk_", "[0-9a-f]{32}_[0-9a-f]{10}"),
  kind("ls__", "[0-9a-f]{32}(?![0-9a-f])"),
  kind("tvly-", "(?:dev-|prod-)?[A-Za-z0-9]{24,64}"),
  kind("jina_", "[A-Za-z0-9_-]{40,80}"),
  kind("fc-", "[0-9a-f]{32}(?![0-9a-f])"),
  kind("rpa_", "[A-Z0-9]{40,64}"),
  kind("wandb_v1_", "[\\w-]{40,100}"),
  kind("esecret_", "[A-Za-z0-9]{24,64}"),
  kind("AQ.Ab8", "[\\w-]{40,90}"),
  kind("pcsk_", "[\\w]{40,100}"),
  kind("vck_ vcp_ vci_ vca_ vcr_", "[A-Za-z0-9]{20,60}"),
  kind("ABSK", "[A-Za-z0-9+/]{100,269}={0,2}"),
  kind("bedrock-api-key-", "YmVkcm9jay5hbWF6b25hd3MuY29t[A-Za-z0-9+/=]{0,400}"),
  kind("voyage_ pa-", "[\\w-]{40,50}", 2),
  kind("ctx7sk-", "[0-9a-f-]{36}"),
  // clouds
  kind("AKIA ASIA ABIA ACCA AGPA AIDA AROA AIPA ANPA ANVA", "[A-Z0-9]{16}(?![A-Z0-9])"),
  kind("AIza", "[\\w-]{35}(?![\\w-])"),
  kind("ya29.", "[\\w-]{20,300}"),
  kind("GOCSPX-", "[\\w-]{28}"),
  kind("dop_v1_ doo_v1_ dor_v1_", "[0-9a-f]{64}"),
  kind("HRKU-AA", "[\\w-]{58}"),
  kind("fo1_", "[\\w-]{43}"),
  kind("fm1r_ fm1a_ fm2_", "[A-Za-z0-9+/]{100,600}={0,3}"),
  kind("v1.0-", "[0-9a-f]{24}-[0-9a-f]{146}"),
  kind("cfk_ cfut_ cfat_", "[A-Za-z0-9]{40}[0-9a-f]{8}"),
  kind("LTAI", "[A-Za-z0-9]{17,24}"),
  kind("tskey-", "[a-z]{2,20}-\\w{8,40}-\\w{16,60}"),
  kind("nfp_", "[A-Za-z0-9]{36}"),
  // code and packages
  kind("ghp_ gho_ ghu_ ghs_ ghr_", "[A-Za-z0-9_]{36}(?![A-Za-z0-9_])"),
  kind("github_pat_", "\\w{82}"),
  kind("ghs_", "\\d{1,20}_[\\w-]{1,200}\\.[\\w-]{1,400}\\.[\\w-]{1,200}"),
  kind("glpat- glptt- gldt- glrt- glcbt- glimt- glft- glagent- glsoat- glffct- GR1348941", "[\\w-]{20,128}"),
  kind("npm_", "[A-Za-z0-9_]{36}(?![A-Za-z0-9_])"),
  kind("pypi-AgE", "[\\w-]{50,300}"),
  kind("rubygems_", "[0-9a-f]{48}"),
  kind("CLOJARS_", "[0-9a-f]{60}"),
  kind("oy2", "[a-z0-9]{43}(?![a-z0-9])"),
  kind("dckr_pat_ dckr_oat_", "[\\w-]{27,32}"),
  kind("AKCp", "[A-Za-z0-9]{69}"),
  kind("squ_ sqp_ sqa_", "[A-Za-z0-9]{40}"),
  kind("sntrys_", "eyJ[A-Za-z0-9+/=_-]{60,400}"),
  kind("sntryu_", "[0-9a-f]{64}"),
  kind("snyk_uat.", "[0-9a-f]{8}\\.[\\w.-]{20,100}"),
  // payment, mail, chat, work
  kind("sk_live_ sk_test_ sk_prod_ rk_live_ rk_test_ rk_prod_ whsec_", "[A-Za-z0-9]{10,110}"),
  kind("sq0atp- sq0csp- sq0idp-", "[\\w-]{22,43}"),
  kind("EAAA", "[\\w-]{50,70}(?![\\w-])"),
  kind("SG.", "[\\w-]{16,64}\\.[\\w-]{16,128}"),
  kind("key-", "[0-9a-f]{32}(?![0-9a-f])", 2),
  kind("xkeysib-", "[0-9a-f]{64}-[A-Za-z0-9]{16}"),
  kind("xoxb- xoxa- xoxo- xoxr-", "(?:\\d{1,2}-)?\\d{6,14}-[\\w-]{10,100}"),
  kind("xoxp-", "(?:\\d{6,14}-){2,3}[A-Za-z0-9]{20,64}"),
  kind("xoxe-", "(?:\\d-[A-Za-z0-9]{100,260}|(?:\\d{6,14}-){2,3}[A-Za-z0-9]{20,64})"),
  kind("xoxe.xoxp- xoxe.xoxb-", "\\d-[A-Za-z0-9]{100,260}"),
  kind("xoxs-", "\\d{6,14}-[\\w-]{10,100}"),
  kind("xapp-", "\\d-[A-Z0-9]{5,20}-\\d{5,20}-[a-z0-9]{20,100}"),
  kind("shppa_ shpca_ shpat_ shpss_", "[A-Za-z0-9]{32,64}"),
  kind("lin_api_", "\\w{32,128}"),
  kind("ntn_", "\\d{11}[A-Za-z0-9]{35}"),
  kind("secret_", "[A-Za-z0-9]{43}(?![A-Za-z0-9])", 2),
  kind("figd_", "[\\w-]{40,200}"),
  kind("ATATT3 ATCTT3", "[\\w=-]{60,250}"),
  kind("PMAK-", "[0-9a-f]{24}-[0-9a-f]{34}"),
  kind("pat", "[A-Za-z0-9]{14}\\.[0-9a-f]{64}"),
  kind("EZAK EZTK", "[A-Za-z0-9]{54}(?![A-Za-z0-9])"),
  kind("dp.pt. dp.st. dp.ct. dp.sa.", "[\\w.-]{40,60}"),
  // vaults, monitoring, infrastructure
  kind("ops_ey", "[A-Za-z0-9+/=]{100,1280}"),
  kind("A3-", "[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}"),
  kind("hvs. hvr.", "[\\w-]{24,140}"),
  kind("hvb.", "[\\w-]{130,320}"),
  kind("s.", "(?=[A-Za-z]{0,23}\\d)(?=[A-Z0-9]{0,23}[a-z])[A-Za-z0-9]{24}(?![A-Za-z0-9])", 2),
  kind("glc_", "[A-Za-z0-9+/]{32,400}={0,2}"),
  kind("glsa_", "[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}"),
  kind("NRAK-", "[A-Z0-9]{27}"),
  kind("sbp_", "[0-9a-f]{40}(?![0-9a-f])"),
  kind("sb_secret_", "[\\w-]{24,64}"),
  kind("dapi dkea dose", "[A-Fa-f0-9]{32}(?:-\\d)?(?![A-Za-z0-9])"),
  kind("pul-", "[0-9a-f]{40}(?![0-9a-f])"),
  kind("pnu_ pnb_", "[A-Za-z0-9]{36}"),
  kind("AGE-SECRET-KEY-1", "[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}"),
];

export interface Token {
  start: number;
  end: number;
  level: Level;
}

/** Every pattern by the first two characters of its beginning, longest beginning first. */
const BY_FRONT = new Map<number, { pattern: RegExp; level: Level }[]>();
for (const { beginning, body, level } of KINDS.flatMap(({ beginnings, ...rest }) =>
  beginnings.map((beginning) => ({ beginning, ...rest })),
).toSorted((a, b) => b.beginning.length - a.beginning.length)) {
  const front = frontAt(beginning, 0);
  const pattern = new RegExp(beginning.replaceAll(".", "\\.") + body, "y");
  BY_FRONT.set(front, [...(BY_FRONT.get(front) ?? []), { pattern, level }]);
}

function frontAt(text: string, at: number): number {
  return (text.charCodeAt(at) << 16) | text.charCodeAt(at + 1);
}

/** The credential that begins exactly at `at`, if any. */
export function tokenAt(text: string, at: number): Token | undefined {
  const candidates = BY_FRONT.get(frontAt(text, at));
  if (candidates === undefined) return undefined;
  for (const { pattern, level } of candidates) {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found !== null) return { start: at, end: at + found[0].length, level };
  }
  return undefined;
}
