import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { operations } from '../simulators/mpluskassa/schema/operations.ts';
import { type MpluskassaSimulator, startMpluskassa } from '../simulators/mpluskassa/simulator.ts';
import { problemsWith, readSchema, type Schema } from './mpluskassa-schema-check.ts';
import { call, orderXml, paymentXml, type Reply, sendXml } from './mpluskassa-soap.ts';

const folder = fileURLToPath(new URL('../../../shared/contracts/data/mpluskassa/', import.meta.url));
const schemaFile = `${folder}mplusqapi.types.json`;

let till: MpluskassaSimulator;

beforeEach(async () => {
  till = await startMpluskassa();
});

afterEach(async () => {
  await till.stop();
});

describe.runIf(existsSync(schemaFile))('held against the vendor’s schema', () => {
  let schema: Schema;
  const seen = new Set<string>();
  const checked = async (operation: string, parameters = ''): Promise<Reply> => {
    const reply = await call(till, operation, parameters);
    expect(reply.status, `${operation}: ${reply.xml}`).toBe(200);
    // Not-found answers carry no relation although the schema demands one: so do real ones.
    const problems = problemsWith(schema, operation, reply.node).filter(
      (problem) => problem !== 'relation is missing in GetRelationResponse',
    );
    expect(problems, operation).toEqual([]);
    seen.add(operation);
    return reply;
  };

  beforeEach(() => {
    schema = readSchema(schemaFile);
    seen.clear();
  });

  it('every answer of every operation fits', async () => {
    for (const simple of [
      'getApiVersion',
      'getDatabaseVersion',
      'getLicenseInformation',
      'getBranches',
      'getEmployees',
      'getVatGroupList',
      'getPaymentMethods',
      'getDeliveryMethods',
      'getOrderCategories',
    ])
      await checked(simple);
    for (const empty of [
      'getPaymentMethodsV2',
      'getDeliveryMethodsV2',
      'getTurnoverGroups',
      'getProducts',
      'getArticleGroups',
      'getArticleGroupChanges',
      'getRelations',
    ])
      await checked(empty, '<request/>');
    for (const number of [101, 5]) await checked('getEmployee', `<employeeNumber>${number}</employeeNumber>`);
    for (const number of [1002, 5]) await checked('getRelation', `<relationNumber>${number}</relationNumber>`);
    for (const name of ['ann', 'nobody at all']) {
      await checked('findRelation', `<relation><name>${name}</name></relation>`);
      await checked('findRelationV2', `<request><relation><name>${name}</name></relation></request>`);
    }
    await checked(
      'createRelation',
      '<relation><name>Bo</name><birthDate><day>1</day><mon>2</mon><year>1990</year></birthDate><categoryIds><category>3</category></categoryIds></relation>',
    );
    await checked('createRelation', '<relation/>');
    await checked('updateRelation', '<relation><relationNumber>1002</relationNumber><city>Urk</city></relation>');
    await checked('updateRelation', '<relation><relationNumber>5</relationNumber></relation>');
    await checked(
      'createProduct',
      '<product><description>New</description><articleList><article><priceIncl>500</priceIncl></article></articleList></product>',
    );
    await checked('createProduct', '<product/>');
    const fields =
      '<customFieldList><customField><fieldName>Season</fieldName><dataType>DATA-TYPE-STRING</dataType><strValue>Summer</strValue></customField></customFieldList>';
    for (const number of [1006, 77_001, 1004])
      await checked(
        'updateProduct',
        `<product><productNumber>1006</productNumber><articleList><article><articleNumber>${number}</articleNumber><priceIncl>700</priceIncl>${fields}</article></articleList></product>`,
      );
    await checked('updateProduct', '<product><productNumber>5</productNumber></product>');
    await checked('getProducts', '<request><productNumbers>1006</productNumbers></request>');
    till.putGroup({ groupNumber: 3, deleted: true });
    await checked('getArticleGroupChanges', '<request><syncMarker>1</syncMarker></request>');

    const orderId = (await checked('createOrder', orderXml({ ext: 'A' }))).at('info/orderId');
    await checked('createOrder', orderXml({ ext: 'A' }));
    await checked('createOrder', orderXml({ ext: 'B', article: 4 }));
    await checked('createOrderV2', `<request>${orderXml({ ext: 'C' })}</request>`);
    const payment = `<prepay>true</prepay>${paymentXml('PIN', 100)}`;
    await checked('createOrderV3', `<request><idempotencyKey>k1</idempotencyKey>${orderXml({ ext: 'D' })}${payment}</request>`);
    await checked('createOrderV3', `<request><idempotencyKey>k2</idempotencyKey>${orderXml({ ext: 'D' })}</request>`);
    await checked('updateOrder', `<order><orderId>${orderId}</orderId></order>`);
    await checked('updateOrder', '<order><orderId>none</orderId></order>');
    for (const id of [orderId, 'none']) await checked('getOrder', `<orderId>${id}</orderId>`);
    await checked('payOrder', `<request><orderId>none</orderId>${payment}</request>`);
    await checked(
      'payOrderV2',
      `<request><idempotencyKey>k3</idempotencyKey><orderId>${orderId}</orderId><prepay>false</prepay>${paymentXml('PIN', 17_990)}</request>`,
    );
    await checked(
      'deliverOrder',
      `<request><orderId>${till.order('C')?.orderId}</orderId><turnoverType>DELIVER-ORDER-TURNOVER-TYPE-INVOICE</turnoverType></request>`,
    );
    await checked('deliverOrder', '<request><orderId>none</orderId></request>');
    await checked('cancelOrder', `<orderId>${till.order('D')?.orderId}</orderId>`);
    for (const ext of ['A', 'C', 'D', 'none']) await checked('findOrder', `<extOrderId>${ext}</extOrderId>`);
    await checked('getOrders', '<request><includeLineList>true</includeLineList></request>');
    await checked('getOrdersByExtOrderIds', '<request/>');

    const invoiceId = till.order('A')?.invoiceId;
    for (const id of [invoiceId, 'none']) await checked('getInvoice', `<invoiceId>${id}</invoiceId>`);
    await checked('findInvoice', '<extInvoiceId>none</extInvoiceId>');
    await checked('saveInvoice', '<invoice><relationNumber>1002</relationNumber></invoice>');
    await checked('payInvoice', `<request><invoiceId>${invoiceId}</invoiceId>${paymentXml('PIN', 100)}</request>`);

    const stock = '<branchNumber>1</branchNumber><articleNumber>1006</articleNumber>';
    await checked('updateStock', `<request>${stock}<amountChanged>-1</amountChanged></request>`);
    await checked('setStock', `<request>${stock}<amount>15</amount><decimalPlaces>1</decimalPlaces></request>`);
    for (const article of [1006, 9001, 5])
      await checked(
        'saveStockCorrections',
        `<request><branchNumber>1</branchNumber><employeeNumber>101</employeeNumber><reference>W</reference><stockCorrectionList><correction><articleNumber>${article}</articleNumber><amount>4</amount></correction></stockCorrectionList><correctionMode>STOCK-CORRECTION-MODE-ABSOLUTE</correctionMode></request>`,
      );
    await checked('getStock', '<request><branchNumber>1</branchNumber><articleNumbers/></request>');
    await checked('getStockHistory', '<request><branchNumber>1</branchNumber></request>');
    await checked('getStockHistoryV2', '<request/>');
    await checked('getCurrentSyncMarkers');

    expect([...seen].sort()).toEqual(Object.keys(operations).sort());
    expect(till.unexpected).toEqual([]);
  });

  it('the example requests are accepted', async () => {
    for (const articleNumber of [14, 35, 999]) till.addArticle({ articleNumber });
    await call(till, 'createRelation', '<relation><relationNumber>1207</relationNumber><name>Jan</name></relation>');
    const files = readdirSync(`${folder}examples`).filter((name) => name.endsWith('.request.xml'));
    expect(files.length).toBeGreaterThan(10);
    const results: Record<string, string | undefined> = {};
    for (const file of files) {
      const reply = await sendXml(till, readFileSync(`${folder}examples/${file}`, 'utf8'));
      expect(reply.status, `${file}: ${reply.xml}`).toBe(200);
      results[file.slice(0, 2)] = reply.at('result');
    }
    expect(results['09']).toBe('CREATE-ORDER-RESULT-OK');
    expect(results['10']).toBe('CREATE-ORDER-RESULT-EXT-ORDER-ID-ALREADY-EXISTS');
    expect(till.unexpected).toEqual([]);
  });
});
