// Generated from the types by `npm run schema`; a test keeps it fresh.
/** Digest of what every record of a Told has as members: bytes that were written under another one are not read. */
export const toldShape = '228fe8b70c45fad3';
