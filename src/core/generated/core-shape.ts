// Generated from the types by `npm run schema`; a test keeps it fresh.
/** Digest of what every record of a Core has as members: bytes that were written under another one are not read. */
export const coreShape = 'b50859ed96e4b80e';
