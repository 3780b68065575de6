import { askRunningDesk } from './kill.ts';
import { printAnswer } from './output.ts';
import { speakerOf, type SpeakerOptions } from './speaker.ts';
import { readSpecFile } from './spec-file.ts';

export interface DeployOptions extends SpeakerOptions {
  readonly file: string;
  readonly algorithm?: string;
  readonly version?: string;
  readonly capital?: string;
}

export async function runDeploy(options: DeployOptions): Promise<void> {
  const spec = readSpecFile(options.file);
  const { algorithm, version, capital } = options;
  printAnswer(
    options.json === true,
    await askRunningDesk(options.dir, { verb: 'deploy', spec, algorithm, version, capital, ...speakerOf(options) }),
  );
}
