export function startSlack() {}
