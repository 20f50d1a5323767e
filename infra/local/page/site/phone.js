export function startPhone() {}
