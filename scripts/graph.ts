import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectRoot } from '../src/testing/tidy/tree.ts';
import { graphDocument, graphPath } from './graph/document.ts';

const { text, files } = graphDocument();
if (files === 0) throw new Error('expected sources below src, found none');
mkdirSync(dirname(join(projectRoot, graphPath)), { recursive: true });
writeFileSync(join(projectRoot, graphPath), text);
console.log(`${graphPath} written from ${files} files`);
