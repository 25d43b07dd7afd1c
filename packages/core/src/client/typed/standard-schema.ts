/** What Zod, Valibot, ArkType, Effect Schema and others agree on: https://standardschema.dev, version 1. */
export interface StandardSchema<Output> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
  };
}

type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly { readonly message: string }[] };

export type Validation<Output> =
  | { readonly ok: true; readonly value: Output }
  | { readonly ok: false; readonly message: string };

/** Validates at once: a schema that answers later is of no use to a flag, which never waits. */
export function validateNow<Output>(schema: StandardSchema<Output>, value: unknown): Validation<Output> {
  try {
    const result = schema['~standard'].validate(value);
    if ('then' in result) {
      // Nobody waits for it, and nobody is to hear that it failed.
      result.then(undefined, () => {});
      return { ok: false, message: 'the schema validates asynchronously, which a flag cannot wait for' };
    }
    if (result.issues === undefined) return { ok: true, value: result.value };
    return { ok: false, message: result.issues.map(({ message }) => message).join('; ') };
  } catch (error) {
    return { ok: false, message: `the schema threw ${error instanceof Error ? error.name : 'something'}` };
  }
}
