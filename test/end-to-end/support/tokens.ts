/** What the products of these tests take as credentials. */
export const tokens = { source: 'end-to-end-source', operator: 'end-to-end-operator', signing: 'end-to-end-signing' };
