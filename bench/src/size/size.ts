export async function size(args: readonly string[]): Promise<number> {
  return 0;
}
