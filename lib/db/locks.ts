/** Keys of PostgreSQL's advisory locks: one number space, so each stands here once. */
export const LOCKS = {
  migrate: 727_465_001,
  auditLog: 727_465_002,
  checkpoint: 727_465_003,
  anchor: 727_465_004,
  roles: 727_465_005,
  setup: 727_465_006,
} as const;
