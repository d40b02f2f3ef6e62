// How the record of changes names a customer.

/** The subject of what was done to a customer. */
export function subjectOf(customerId: number): string {
  return `customer:${customerId}`;
}
