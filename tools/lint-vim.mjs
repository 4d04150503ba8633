// `npm run lint`: the part for Vim script, on a clone that is set up.
import { load } from './typescript.mjs';

await load('tools/lint-vim/main.ts');
