import type { Capture, FailMode } from "@/lib/policy/document";

export const CAPTURE_WORDS: Record<Capture, string> = {
  none: "none: nothing",
  excerpt: "excerpt: a redacted excerpt",
  full: "full: all of it, encrypted",
};

export const FAIL_MODE_WORDS: Record<FailMode, string> = {
  closed: "closed: refuse the request",
  open: "open: let it pass",
};
