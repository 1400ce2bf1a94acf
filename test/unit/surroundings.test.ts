import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Run } from '../../app-server/engine/run.ts';
import { surroundingsOf } from '../../app-server/engine/surroundings.ts';
import { createLedger } from '../../app-server/store/entries.ts';
import { createFlows } from '../../app-server/store/flows.ts';
import { Failure } from '../../connectors/failure.ts';
import { shopware } from '../../shopware-app/connector.ts';
import { testDatabase } from '../database.ts';
import { type CatalogueHouse, openHouse } from './shopware-catalogue-house.ts';

const test = testDatabase();
let house: CatalogueHouse;
let [coffee, tea, beans, rootName] = ['', '', '', ''];

beforeEach(async () => {
  house = await openHouse();
  const [root] = house.shop.db.all('category');
  const under = (parentId: string | undefined, name: string) =>
    house.shop.db.insert('category', { parentId, name, active: true, translated: { name } }).id;
  [coffee, tea] = [under(root?.id, 'Coffee'), under(root?.id, 'Tea')];
  beans = under(coffee, 'Beans');
  rootName = String(root?.name);
});
afterEach(() => house.stop());

/** What the mapping of this shop's products would know of its categories. */
async function paths(): Promise<Readonly<Record<string, readonly string[]>>> {
  const engine = { ledger: createLedger(test.database), flows: createFlows(test.database), clock: { now: () => house.now } };
  const end = { connection: { id: 'shop', title: 'The shop' }, connector: shopware, session: house.another() };
  const run = { flow: { kind: 'product', tenant: 'shopware:s', source: 'shop', target: 'till' }, source: end } as unknown as Run;
  return (await surroundingsOf(engine, run, [])).categoryPaths ?? {};
}

describe('the categories that products stand in', () => {
  it('are known by their names from the root down', async () => {
    expect(await paths()).toMatchObject({
      [coffee]: [rootName, 'Coffee'],
      [tea]: [rootName, 'Tea'],
      [beans]: [rootName, 'Coffee', 'Beans'],
    });
  });

  it('are known without one that cannot be read, and it does not stand in the way of its neighbours', async () => {
    const { [tea]: _, ...neighbours } = await paths();
    Object.assign(house.shop.db.get('category', tea), { name: 4711, translated: { name: 4711 } });
    const [read] = await house.another().read('category', [tea]);
    expect(read).toBeInstanceOf(Failure);
    expect(neighbours).toHaveProperty(beans);
    expect(await paths()).toEqual(neighbours);
  });

  it('are waited for while the shop is away', async () => {
    house.shop.faults.add({ kind: 'html', path: /category/ });
    await expect(paths()).rejects.toMatchObject({ remedy: 'wait' });
  });
});
