import { describe, expect, it } from 'vitest';
import { formOf, secretFieldsOf } from '../../app-server/http/forms.ts';
import { withKindSettings } from '../../app-server/mapping/kind-settings.ts';
import type { Connector } from '../../connectors/connector.ts';
import { lightspeedConnector } from '../../connectors/lightspeed/index.ts';
import { LightspeedSettings } from '../../connectors/lightspeed/settings.ts';

const problems = (entered: object): string[] => {
  const parsed = LightspeedSettings.safeParse(entered);
  return parsed.success ? [] : parsed.error.issues.map(({ path }) => path.join('.'));
};
const empty = { apiKey: '', apiSecret: '', domainPrefix: '', personalToken: '', accessToken: '', refreshToken: '', expiresAt: '' };

describe('the settings of Lightspeed', () => {
  it('draw a form under a heading for each product', () => {
    const form = formOf(LightspeedSettings);
    expect(form.map(({ name, type, group }) => [name, type, group])).toEqual([
      ['series', 'choice', undefined],
      ['apiKey', 'secret', 'ecom'],
      ['apiSecret', 'secret', 'ecom'],
      ['cluster', 'choice', 'ecom'],
      ['language', 'text', 'ecom'],
      ['domainPrefix', 'text', 'retail'],
      ['personalToken', 'secret', 'retail'],
      ['accessToken', 'secret', 'retail'],
      ['refreshToken', 'secret', 'retail'],
      ['expiresAt', 'text', 'retail'],
      ['renewFrom', 'text', 'retail'],
    ]);
    expect(form.every(({ required }) => !required)).toBe(true);
    expect(form[0]?.options?.map(({ value }) => value)).toEqual(['ecom', 'retail']);
    expect(secretFieldsOf(LightspeedSettings)).toEqual(['apiKey', 'apiSecret', 'personalToken', 'accessToken', 'refreshToken']);
  });

  it('ask for the key of a web shop, whatever is blank of the till', () => {
    expect(problems({ ...empty, series: 'ecom', apiKey: 'k', apiSecret: 's' })).toEqual([]);
    expect(problems({ ...empty, series: 'ecom', apiKey: 'k' })).toEqual(['apiSecret']);
    expect(problems({})).toEqual(['apiKey', 'apiSecret']);
  });

  it('ask for the store and a token of a till, whatever is blank of the web shop', () => {
    expect(problems({ ...empty, series: 'retail', domainPrefix: 'koffie', personalToken: 't' })).toEqual([]);
    expect(problems({ ...empty, series: 'retail', domainPrefix: 'koffie', accessToken: 'a', refreshToken: 'r' })).toEqual([]);
    expect(problems({ ...empty, series: 'retail' })).toEqual(['domainPrefix', 'personalToken']);
    expect(problems({ ...empty, series: 'retail', domainPrefix: 'evil.example/', personalToken: 't' })).toEqual(['domainPrefix']);
  });

  it('take the whole address of a back office for the name of the store', () => {
    const parsed = LightspeedSettings.parse({
      series: 'retail',
      domainPrefix: ' https://Koffie-1.retail.lightspeed.app/dashboard ',
      personalToken: 't',
    });
    expect(parsed.domainPrefix).toBe('koffie-1');
    expect(LightspeedSettings.parse({ apiKey: 'k', apiSecret: 's', language: ' NL ' })).toMatchObject({
      series: 'ecom',
      cluster: 'eu1',
      language: 'nl',
    });
  });
});

describe('the connector for Lightspeed', () => {
  it('offers agreeing on the page of Lightspeed only where this server is registered there', () => {
    expect(lightspeedConnector().authorization).toBeUndefined();
    expect(lightspeedConnector({ clientId: 'id' }).authorization).toBeUndefined();
    expect(lightspeedConnector({ clientId: 'id', clientSecret: 'secret' }).authorization).toBeDefined();
  });

  it('draws the questions of every flow, and none of them has to be answered', () => {
    const connector = withKindSettings(lightspeedConnector() as Connector);
    for (const [kind, writing] of Object.entries(connector.writes)) {
      expect(
        formOf(writing.settings)
          .filter(({ required }) => required)
          .map(({ name }) => `${kind}.${name}`),
      ).toEqual([]);
      expect(writing.settings.safeParse({}).success).toBe(true);
    }
  });
});
