export interface DemoSettings {
  readonly port: number;
  readonly host: string;
  /** Another file than the one beside the program. */
  readonly flagsFile: string | undefined;
}

/** PORT (default 3000; 0 is any free one), HOST (default 127.0.0.1: this machine only) and FLAGS_FILE. */
export function readSettings(variables: NodeJS.ProcessEnv): DemoSettings | { readonly problem: string } {
  const { PORT = '', HOST = '', FLAGS_FILE = '' } = variables;
  const port = PORT === '' ? 3000 : Number(PORT);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    return {
      problem: `PORT is ${JSON.stringify(PORT)}; it must be a whole number from 0 to 65535 (0: any free port).`,
    };
  }
  return {
    port,
    host: HOST === '' ? '127.0.0.1' : HOST,
    flagsFile: FLAGS_FILE === '' ? undefined : FLAGS_FILE,
  };
}
