// Generated from the types by `npm run schema`; a test keeps it fresh.
/** Digest of what every record of a Core has as members: bytes that were written under another one are not read. */
export const coreShape = '7db16f97053ed8c7';
