import { readFile } from 'node:fs/promises';
import { fileFeed } from '@clarity/flags-file';

/**
 * Publishes an example's flags, the file at FLAGS_FILE or flags.json in its folder, and again whenever it is saved, for
 * as long as the process lives.
 *
 * @throws what `publish` rejects with the first time; later it is printed
 */
export async function publishWhenSaved(publish: (text: string) => Promise<void>): Promise<void> {
  const { FLAGS_FILE: path = 'flags.json' } = process.env;
  const publishFile = async (): Promise<void> => {
    await publish(await readFile(path, 'utf8'));
    console.log(`Published ${path}.`);
  };
  const refused = (error: Error): void => console.error(`Not published: ${error.message}`);

  await publishFile();
  await fileFeed({ path }).subscribe(
    { notice: () => void publishFile().catch(refused), down: refused, up: () => {} },
    new AbortController().signal,
  );
}
