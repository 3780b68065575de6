/** What a room may reach: other rooms (or folders of them), Node's own modules, packages. */
export interface Room {
  /** Folder below src. */
  readonly name: string;
  readonly mayImport: readonly string[];
  readonly node: boolean;
  readonly packages: boolean;
  /** Knows no time, disk or luck. */
  readonly pure: boolean;
  /** Its subfolders do not know each other; files directly in it are common to all. */
  readonly strangers: boolean;
}

const nothing = { node: false, packages: false, pure: false, strangers: false };
const pure = { ...nothing, pure: true };
const withNode = { ...nothing, node: true };
const withPackages = { ...withNode, packages: true };

/** In the order of the flow; the longest name that fits a path is its room. */
export const rooms: readonly Room[] = [
  { name: 'base', mayImport: [], ...pure },
  { name: 'domain', mayImport: ['base'], ...pure },
  { name: 'quant', mayImport: ['base'], ...pure },
  { name: 'core', mayImport: ['base', 'domain', 'quant'], ...pure },
  { name: 'ports', mayImport: ['base', 'domain'], ...pure },
  { name: 'strategies', mayImport: ['base', 'domain', 'quant', 'ports'], ...pure, strangers: true },
  { name: 'journal', mayImport: ['base', 'domain', 'ports'], ...withNode },
  { name: 'verify', mayImport: [], ...withNode },
  { name: 'runtime', mayImport: ['base', 'domain', 'ports', 'core', 'journal'], ...withNode },
  { name: 'feeds', mayImport: ['base', 'domain', 'ports', 'core/market'], ...withNode },
  { name: 'venues/simulated', mayImport: ['base', 'domain', 'ports', 'core/market'], ...pure },
  { name: 'venues', mayImport: ['base', 'domain', 'ports'], ...withPackages, strangers: true },
  { name: 'projections', mayImport: ['base', 'domain', 'core', 'quant'], ...pure },
  { name: 'storage', mayImport: ['base', 'domain', 'ports'], ...withPackages },
  { name: 'sim', mayImport: ['base', 'domain', 'ports', 'core', 'journal', 'runtime', 'venues/simulated'], ...withNode },
  { name: 'research', mayImport: ['base', 'domain', 'quant', 'ports'], ...withPackages },
  { name: 'signals', mayImport: ['base', 'domain', 'quant', 'ports'], ...withPackages },
  { name: 'api', mayImport: ['base', 'domain', 'ports', 'projections'], ...withPackages },
  { name: 'ops', mayImport: ['base', 'domain', 'ports'], ...withPackages },
  { name: 'ui', mayImport: ['domain', 'api'], ...withPackages, node: false },
];

/** Wiring: imports everything, is imported by nobody. */
export const wiring = 'apps';
/** Fixtures and contract suites: import everything but apps, are imported by tests only. */
export const testing = 'testing';
/** The public surface; what it shows beyond these rooms are named entry points of apps. */
export const surface = { path: 'src/index.ts', mayImport: ['base', 'domain', 'quant', 'ports', 'strategies', 'apps'] };

export const roomNames: readonly string[] = [...rooms.map((room) => room.name), wiring, testing];

/** Room of a path below src, by the longest name that fits; undefined for src/index.ts and outside. */
export function roomOf(path: string): string | undefined {
  const fitting = roomNames.filter((name) => path.startsWith(`src/${name}/`));
  return fitting.sort((a, b) => b.length - a.length)[0];
}

export function isPure(path: string): boolean {
  const name = roomOf(path);
  return rooms.some((room) => room.name === name && room.pure);
}
