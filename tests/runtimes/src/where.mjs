// Prints the files that the names of our packages lead to: from here, and from inside one of them.
import { createRequire } from 'node:module';

const from = (parent, ...names) => names.map((name) => createRequire(parent).resolve(`@clarity/flags-${name}`));
const here = from(import.meta.url, 'core', 'core/evaluation', 'file');
console.log(JSON.stringify([...here, ...from(here[2], 'core/ports')]));
