import { format } from 'prettier';
import { emitCodecs } from '../../domain/schema/emit-codec.ts';
import { hotDecisions, hotInputs } from '../../domain/schema/hot-kinds.ts';
import { publishedSchema } from '../../domain/schema/published.ts';

/** Every file that comes from the schema table, as it must stand in the repository. */
export async function schemaFiles(): Promise<{ readonly path: string; readonly text: string }[]> {
  const style = { singleQuote: true, printWidth: 140 };
  const codec = (text: string): Promise<string> => format(text, { ...style, parser: 'typescript' });
  return [
    { path: 'src/domain/schema/generated/hot-inputs.ts', text: await codec(emitCodecs('input', hotInputs)) },
    { path: 'src/domain/schema/generated/hot-decisions.ts', text: await codec(emitCodecs('decision', hotDecisions)) },
    { path: 'docs/reference/journal-schema.json', text: await format(JSON.stringify(publishedSchema()), { ...style, parser: 'json' }) },
  ];
}
