/** A bit for each check that the screen can clear; a check without one is asked about every order that it is for. */
export const authorityDoubt = 1 << 0;
export const reduceOnlyDoubt = 1 << 1;
export const hoursDoubt = 1 << 2;
export const haltedDoubt = 1 << 3;
export const restrictedDoubt = 1 << 4;
export const referenceDoubt = 1 << 5;
export const sizeDoubt = 1 << 6;
export const notionalDoubt = 1 << 7;
export const fatFingerDoubt = 1 << 8;
export const collarDoubt = 1 << 9;
export const rateDoubt = 1 << 10;
export const duplicateDoubt = 1 << 11;
export const positionDoubt = 1 << 12;
export const openPositionsDoubt = 1 << 13;
export const concentrationDoubt = 1 << 14;
export const dailyLossDoubt = 1 << 15;
export const creditDoubt = 1 << 16;
export const allocationDoubt = 1 << 17;
export const leaseDoubt = 1 << 18;
export const selfTradeDoubt = 1 << 19;
export const drawdownDoubt = 1 << 20;
export const stopDoubt = 1 << 21;
export const tradeRiskDoubt = 1 << 22;
export const sizeCutDoubt = 1 << 23;
export const venueRouteDoubt = 1 << 24;

/** Not cleared by anything. */
export const everyDoubt = (1 << 30) - 1;
