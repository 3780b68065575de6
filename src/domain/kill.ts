/** What the kill switch can hold: everything, one venue, one account, or every version of one algorithm. */
export const killScopes = ['firm', 'venue', 'account', 'strategy'] as const;
export type KillScope = (typeof killScopes)[number];

/** `id` is '' for the firm, else that of the venue, the account or the algorithm. */
export interface KillTarget {
  readonly scope: KillScope;
  readonly id: string;
}

export const wholeFirm: KillTarget = { scope: 'firm', id: '' };

/** `firm`, `venue:XNAS`, `account:A1`, `strategy:momentum`; undefined = none of these. */
export function parseKillTarget(text: string): KillTarget | undefined {
  if (text === 'firm') return wholeFirm;
  const colon = text.indexOf(':');
  const scope = killScopes.find((one) => one !== 'firm' && one === text.slice(0, colon));
  const id = text.slice(colon + 1);
  return scope === undefined || id === '' ? undefined : { scope, id };
}

export function killTargetText({ scope, id }: KillTarget): string {
  return scope === 'firm' ? 'firm' : `${scope}:${id}`;
}
