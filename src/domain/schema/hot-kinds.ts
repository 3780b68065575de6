/** Kinds that pass by the thousand each second: fixed layouts, with encoders and decoders generated from the table (`npm run schema`). */
export const hotInputs = ['intent', 'report', 'mark', 'timer'] as const;
export const hotDecisions = ['orderSent', 'replaceSent', 'cancelSent', 'orderDenied', 'orderStateChanged', 'fillBooked'] as const;
