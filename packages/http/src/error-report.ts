/** Told about what went wrong inside a request, since the answer does not say. What it throws is ignored. */
export type ErrorListener = (error: unknown) => void;

/**
 * A listener that never throws. Without one from the application only the error's name is printed: messages and
 * properties of an authorizer's errors may hold what it was given, a token included.
 */
export function safeErrorListener(onError: ErrorListener | undefined): ErrorListener {
  return (error) => {
    try {
      if (onError !== undefined) {
        onError(error);
        return;
      }
      const name = error instanceof Error ? error.name : typeof error;
      console.error(
        `[clarity-flags] an HTTP request could not be answered (${name}); pass onError to see the whole error`,
      );
    } catch {
      // Nothing is left to tell.
    }
  };
}
