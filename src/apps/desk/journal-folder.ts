/** Folder of the journal inside a data directory; its keys and snapshots lie beside it. */
export const journalFolder = 'journal';
