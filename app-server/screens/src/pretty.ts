/** A body as people read it: JSON and XML indented, anything else as it is. Values are never changed. */
export function pretty(body: string): string {
  const text = body.trim();
  if (text.startsWith('{') || text.startsWith('[')) {
    try {
      return JSON.stringify(JSON.parse(text), null, 2);
    } catch {
      return body;
    }
  }
  return text.startsWith('<') ? indentXml(text) : body;
}

function indentXml(xml: string): string {
  const lines: string[] = [];
  let depth = 0;
  for (const part of xml.replace(/>\s*</g, '>\u0000<').split('\u0000')) {
    const closes = /^<\//.test(part);
    if (closes) depth = Math.max(0, depth - 1);
    lines.push('  '.repeat(depth) + part);
    const opens = /^<[^!?/]/.test(part) && !/\/>$/.test(part) && !/<\/[^>]+>$/.test(part);
    if (opens) depth += 1;
  }
  return lines.join('\n');
}
