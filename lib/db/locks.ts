/** Keys of PostgreSQL's advisory locks: one number space, so each stands here once. */
export const LOCKS = {
  /** One start migrates at a time. */
  migrate: 727_465_001,
  /** Writers of the audit log wait for each other, so that its numbers have no gaps. */
  auditLog: 727_465_002,
  /** One job signs, one anchors. */
  checkpoint: 727_465_003,
  anchor: 727_465_004,
  /** Changes of roles and standing wait for each other, so that an admin is left. */
  roles: 727_465_005,
  setup: 727_465_006,
  /** With the number of a pack: the worker that builds it. */
  buildPack: 727_465_007,
  /** With the hash of a request: those that are equal are held, and use a grant, one after the other. */
  heldRequest: 727_465_008,
  /** With the hash of a person: their proposals by text are drafted one after the other. */
  proposal: 727_465_015,
  /** Issuers and bindings are added one at a time, so that no two collide. */
  identity: 727_465_014,
  /** The one start that supervises an embedded PostgreSQL. */
  installation: 727_465_009,
  /** With the hash of a use case: draws of its findings are pruned by one at a time. */
  findingDraw: 727_465_021,
  /** With the hash of a change or a person: one measuring at a time of each. */
  measure: 727_465_022,
  /** One job at a time tells people what happened. */
  notify: 727_465_020,
} as const;
