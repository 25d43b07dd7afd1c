/** One promise of a port, as something to run. Throws when it is not kept; needs no test framework. */
export interface ContractCheck {
  /** A sentence about behaviour. Stable: deviations are declared by it. */
  readonly name: string;
  readonly run: () => Promise<void>;
}

/** What a check throws when the thing under test does not keep its promise. */
export class ContractViolation extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ContractViolation';
  }
}

/** Checks that this store fails on purpose: the check's name, and why. */
export type Deviations = Readonly<Record<string, string>>;

/**
 * The checks with the declared deviations turned round: such a check passes while it fails, and fails once it passes,
 * so that the declaration is removed.
 *
 * @throws Error when a deviation names no check, or gives no reason.
 */
export function withDeviations(checks: readonly ContractCheck[], deviations: Deviations): readonly ContractCheck[] {
  const names = new Set(checks.map((check) => check.name));
  for (const [name, reason] of Object.entries(deviations)) {
    if (!names.has(name)) throw new Error(`deviation "${name}" names no check; there are: ${[...names].join('; ')}`);
    if (reason.trim() === '') throw new Error(`deviation "${name}" has no reason; say why the store cannot keep it`);
  }
  return checks.map((check) => {
    const reason = Object.hasOwn(deviations, check.name) ? deviations[check.name] : undefined;
    if (reason === undefined) return check;
    return { name: `${check.name} (deviates: ${reason})`, run: () => mustFail(check, reason) };
  });
}

async function mustFail(check: ContractCheck, reason: string): Promise<void> {
  try {
    await check.run();
  } catch {
    return;
  }
  throw new ContractViolation(
    `"${check.name}" passes, yet it is declared as a deviation (${reason}); remove the declaration`,
  );
}
