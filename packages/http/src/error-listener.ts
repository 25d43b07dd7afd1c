/** Told about what went wrong inside a request, since the answer does not say. What it throws is ignored. */
export type ErrorListener = (error: unknown) => void;
