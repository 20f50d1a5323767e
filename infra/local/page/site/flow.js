export function startFlow() {}
