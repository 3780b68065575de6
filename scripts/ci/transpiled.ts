import ts from 'typescript';

const compilerOptions: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.ESNext,
  verbatimModuleSyntax: true,
  rewriteRelativeImportExtensions: true,
};

/** A source as the build has it, for a place in a copy of the build. */
export function transpiled(text: string): string {
  return ts.transpileModule(text, { compilerOptions }).outputText;
}
