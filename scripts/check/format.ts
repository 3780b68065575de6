import { join } from 'node:path';
import { check, getFileInfo, resolveConfig } from 'prettier';
import { projectFiles, projectRoot } from '../../src/testing/tidy/tree.ts';
import type { Finding } from './step.ts';

/** Every file that prettier knows and .prettierignore does not name. */
export async function formatFaults(): Promise<Finding> {
  const ignorePath = join(projectRoot, '.prettierignore');
  const wrong: string[] = [];
  let seen = 0;
  for (const { path, text } of projectFiles()) {
    const filepath = join(projectRoot, path);
    const { ignored, inferredParser } = await getFileInfo(filepath, { ignorePath });
    if (ignored || inferredParser === null) continue;
    seen += 1;
    const options = await resolveConfig(filepath, { editorconfig: true });
    if (!(await check(text, { ...options, filepath }))) wrong.push(`${path}: not formatted; \`npm run format\` does it`);
  }
  return { passed: wrong.length === 0, seen, output: wrong.join('\n') };
}
