import { fileURLToPath } from 'node:url';

/**
 * What Node is given to start a program beside a module, in the form that the tree runs in: TypeScript through its loader, compiled as it is.
 * @param importer `import.meta.url`
 * @param name relative to it, without ending
 */
export function programBeside(importer: string, name: string): readonly string[] {
  const typescript = new URL(importer).pathname.endsWith('.ts');
  const path = fileURLToPath(new URL(`${name}${typescript ? '.ts' : '.js'}`, importer));
  return typescript ? ['--import', 'tsx', path] : [path];
}
