import { openRegistry } from '../research/registry-folder.ts';
import { askRunningDesk } from './kill.ts';
import { printAnswer } from './output.ts';
import { speakerOf, type SpeakerOptions } from './speaker.ts';
import { readSpecFile } from './spec-file.ts';
import { withTrials } from './trial-gates.ts';

export interface DeployOptions extends SpeakerOptions {
  readonly file: string;
  readonly algorithm?: string;
  readonly version?: string;
  readonly capital?: string;
  readonly slice?: string;
  readonly registry?: string;
}

export async function runDeploy(options: DeployOptions): Promise<void> {
  const { algorithm, version, capital, slice, registry } = options;
  const spec = withTrials(readSpecFile(options.file), { algorithm, version }, () => openRegistry(registry));
  printAnswer(
    options.json === true,
    await askRunningDesk(options.dir, { verb: 'deploy', spec, algorithm, version, capital, slice, ...speakerOf(options) }),
  );
}
