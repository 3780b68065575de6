import { dirname, join } from 'node:path';
import ts from 'typescript';
import { projectRoot, type TextFile } from './tree.ts';

/** The project's own sources with planted files among them that are nowhere on disk, under the options of one of its tsconfigs. */
export function plantedProgram(config: string, planted: readonly TextFile[]): ts.Program {
  const options = optionsOf(config);
  const texts = new Map(planted.map((file) => [join(projectRoot, file.path), file.text]));
  const host = ts.createCompilerHost(options, true);
  const onDisk = {
    fileExists: host.fileExists.bind(host),
    readFile: host.readFile.bind(host),
    getSourceFile: host.getSourceFile.bind(host),
  };
  host.fileExists = (path) => texts.has(path) || onDisk.fileExists(path);
  host.readFile = (path) => texts.get(path) ?? onDisk.readFile(path);
  host.getSourceFile = (path, languageVersion) => {
    const text = texts.get(path);
    return text === undefined ? onDisk.getSourceFile(path, languageVersion) : ts.createSourceFile(path, text, languageVersion, true);
  };
  return ts.createProgram({ rootNames: [...texts.keys()], options, host });
}

/** What the compiler says about one planted file, as `tsc` prints it. */
export function compilerSays(program: ts.Program, path: string): string[] {
  const source = program.getSourceFile(join(projectRoot, path));
  if (source === undefined) throw new Error(`expected ${path} in the program, it is not there`);
  const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
  return found.map((one) => `error TS${one.code}: ${ts.flattenDiagnosticMessageText(one.messageText, ' ')}`);
}

function optionsOf(config: string): ts.CompilerOptions {
  const path = join(projectRoot, config);
  const { config: json, error } = ts.readConfigFile(path, (name) => ts.sys.readFile(name)) as { config: unknown; error?: ts.Diagnostic };
  if (error !== undefined) throw new Error(`${config}: ${ts.flattenDiagnosticMessageText(error.messageText, ' ')}`);
  const { options } = ts.parseJsonConfigFileContent(json, ts.sys, dirname(path));
  return { ...options, noEmit: true };
}
