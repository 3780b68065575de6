/** What is unusual in a life of commands. */
export const commandThemes = ['people', 'ladder', 'swap', 'specs', 'numbers', 'paper', 'crowd', 'orders', 'frozen', 'queue'] as const;
export type CommandTheme = (typeof commandThemes)[number];
