import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EditBySight } from './sites-by-sight.ts';

/** Where requests are refused before the core is asked: HTTP, the control socket, the verbs, who asks, simulations, registration. */
export const doorFolders: readonly string[] = ['src/api', 'src/apps/desk', 'src/apps/up', 'src/apps/verbs', 'src/runtime/handover'];

/** A table of statuses by code: it refuses nothing. */
export const notDoorFiles: ReadonlySet<string> = new Set(['src/api/problem.ts']);

/** Codes of the pages that are written from the code: docs/reference/errors.md and http-api.md. */
export function doorCodes(root: string): readonly string[] {
  return ['errors.md', 'http-api.md'].flatMap((page) =>
    [...readFileSync(join(root, 'docs/reference', page), 'utf8').matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, code]) => code),
  );
}

/** Functions that refuse whatever they are called with, and their code. */
export const doorHelpers: ReadonlyMap<string, string> = new Map([['tooLarge', 'BODY_TOO_LARGE']]);

/** Bodies of the helpers, and words that are codes where nothing is refused. */
export const notDoors: ReadonlySet<string> = new Set(['api/body BODY_TOO_LARGE 3']);

const roundTrip = 'src/runtime/handover/round-trip.ts';
const registration = 'src/apps/desk/registration.ts';
const simulations = 'src/apps/up/simulate-order.ts';
const notMigrated = 'STATE_NOT_MIGRATED';

/** A state that does not come through: each place where that is noticed. */
const atRegistration: readonly EditBySight[] = [
  {
    id: `apps/desk/registration ${notMigrated}`,
    code: notMigrated,
    file: registration,
    find: "if (text !== '') throw new Refusal",
    replace: (ask) => `if (${ask}text !== '')) throw new Refusal`,
  },
  {
    id: `apps/desk/registration ${notMigrated}: time`,
    code: notMigrated,
    file: registration,
    find: '() => resolve({ failed: `${names}: no end',
    replace: (ask) => `() => ${ask}true) && resolve({ failed: \`\${names}: no end`,
  },
  {
    id: `apps/desk/registration ${notMigrated}: thread`,
    code: notMigrated,
    file: registration,
    find: 'resolve({ failed: `${names}: their thread ended',
    replace: (ask) => `resolve(!${ask}true) ? { faults: [] } : { failed: \`\${names}: their thread ended`,
  },
  {
    id: `runtime/handover/round-trip ${notMigrated}: refused`,
    code: notMigrated,
    file: roundTrip,
    find: 'if (!taken.ok) return `',
    replace: (ask) => `if (!taken.ok) return !${ask}true) ? from : \``,
  },
  {
    id: `runtime/handover/round-trip ${notMigrated}: exports nothing`,
    code: notMigrated,
    file: roundTrip,
    find: '?? `${what} is taken, and no state is exported any more: there would be no way back`',
    replace: (ask) => `?? (${ask}true) ? \`\${what} is taken, and nothing is exported\` : from)`,
  },
  {
    id: `runtime/handover/round-trip ${notMigrated}: own`,
    code: notMigrated,
    file: roundTrip,
    find: 'isSame(state, back)',
    replace: (ask) => `!${ask}!isSame(state, back))`,
  },
  ...(['up', 'down', 'again'] as const).map((way) => ({
    id: `runtime/handover/round-trip ${notMigrated}: ${way}`,
    code: notMigrated,
    file: roundTrip,
    find: `if (typeof ${way} === 'string') return ${way};`,
    replace: (ask: string) => `if (typeof ${way} === 'string') return ${ask}true) ? ${way} : '';`,
  })),
  {
    id: `runtime/handover/round-trip ${notMigrated}: changed`,
    code: notMigrated,
    file: roundTrip,
    find: 'isSame(up, again)',
    replace: (ask) => `!${ask}!isSame(up, again))`,
  },
  {
    id: `runtime/handover/round-trip ${notMigrated}: thrown`,
    code: notMigrated,
    file: roundTrip,
    find: 'return `it threw: ',
    replace: (ask) => `return !${ask}true) ? '' : \`it threw: `,
  },
  {
    id: `runtime/exported-state ${notMigrated}: no state`,
    code: notMigrated,
    file: 'src/runtime/exported-state.ts',
    find: "if (typeof state.schema !== 'string' || !(state.bytes instanceof Uint8Array))",
    replace: (ask) => `if (${ask}typeof state.schema !== 'string' || !(state.bytes instanceof Uint8Array)))`,
  },
  {
    id: `runtime/exported-state ${notMigrated}: too large`,
    code: notMigrated,
    file: 'src/runtime/exported-state.ts',
    find: 'if (state.bytes.length > maxExportedBytes)',
    replace: (ask) => `if (${ask}state.bytes.length > maxExportedBytes))`,
  },
];

export const doorsBySight: readonly EditBySight[] = [
  {
    id: 'api/server DESK_BUSY',
    file: 'src/api/server.ts',
    find: ".catch((): Problem => problem('DESK_BUSY', 'the request could not be answered'))",
    replace: (ask) =>
      `.catch((error): Problem => { if (!${ask}true)) throw error; return problem('DESK_BUSY', 'the request could not be answered'); })`,
  },
  {
    id: 'api/body BODY_NOT_JSON',
    file: 'src/api/body.ts',
    find: "return err(problem('BODY_NOT_JSON', 'body: expected JSON",
    replace: (ask) => `if (${ask}true)) return err(problem('BODY_NOT_JSON', 'body: expected JSON`,
  },
  {
    id: 'apps/desk/control DESK_ENDED',
    file: 'src/apps/desk/control.ts',
    find: 'for (const asked of left) asked.answer(',
    replace: (ask) => `for (const asked of left) if (${ask}true)) asked.answer(`,
  },
  {
    id: 'apps/desk/control PERSON_REQUIRED',
    file: 'src/apps/desk/control.ts',
    find: "if ('exitCode' in asker) return asker;",
    replace: (ask) => `if (${ask}'exitCode' in asker)) return asker;`,
  },
  {
    id: 'apps/desk/asking NOT_DURABLE',
    file: 'src/apps/desk/asking.ts',
    find: 'this.#answers.get(commandID) ?? {\n      accepted: false,',
    replace: (ask) => `this.#answers.get(commandID) ?? {\n      accepted: !${ask}true),`,
  },
  {
    id: 'apps/verbs/asker UNKNOWN_TOKEN',
    file: 'src/apps/verbs/asker.ts',
    find: 'people.holderOf(token) ?? {',
    replace: (ask) => `people.holderOf(token) ?? (${ask}true) ? undefined : deskPeople.senior) ?? {`,
  },
  {
    id: 'apps/verbs/read-signal FIELDS',
    file: 'src/apps/verbs/read-signal.ts',
    find: "if (typeof value === 'number' && Number.isFinite(value)) return {",
    replace: (ask) => `if (!${ask}!(typeof value === 'number' && Number.isFinite(value)))) return {`,
  },
  {
    id: 'apps/verbs/read-limit FIELDS',
    file: 'src/apps/verbs/read-limit.ts',
    find: 'if (limit === undefined || place === undefined) return none;',
    replace: (ask) => `if (${ask}limit === undefined || place === undefined)) return none;`,
  },
  {
    id: 'apps/verbs/verb-table FIELDS 3',
    file: 'src/apps/verbs/verb-table.ts',
    find: 'if (faults.length === 0) return read;',
    replace: (ask) => `if (!${ask}faults.length !== 0)) return read;`,
  },
  {
    id: 'apps/verbs/verb-table UNKNOWN_VERSION',
    file: 'src/apps/verbs/verb-table.ts',
    find: "  const known = [...place.view.rows.values()].filter((row) => row.version !== '')",
    replace: (ask) =>
      `  if (!${ask}true)) return [...place.view.rows.values()][0];\n  const known = [...place.view.rows.values()].filter((row) => row.version !== '')`,
  },
  {
    id: 'apps/up/simulate-order SIMULATION_TOO_LONG',
    file: simulations,
    find: 'const late = setTimeout(() => settle(',
    replace: (ask) => `const late = setTimeout(() => ${ask}true) && settle(`,
  },
  {
    id: 'apps/up/simulate-order SIMULATION_FAILED 2',
    file: simulations,
    find: 'thread.onEnd((why) =>\n        settle(',
    replace: (ask) => `thread.onEnd((why) =>\n        ${ask}true) && settle(`,
  },
  ...atRegistration,
];
