/** Which article has a barcode: the till cannot be asked, so its catalogue is walked once and kept up to date by sync marker. */
import { productPages } from './catalogue.ts';
import type { Till } from './till.ts';

interface BarcodeIndex {
  /** The article with a barcode as of now; of several the lowest number. The first call reads the whole catalogue. */
  find(): Promise<(barcode: string) => number | undefined>;
}

const indexes = new WeakMap<Till, BarcodeIndex>();

/** The index of an open till; made when first asked for and kept as long as the till is. */
export function barcodesOf(till: Till): BarcodeIndex {
  const known = indexes.get(till) ?? createBarcodeIndex(till);
  indexes.set(till, known);
  return known;
}

function createBarcodeIndex(till: Till): BarcodeIndex {
  const byArticle = new Map<number, readonly string[]>();
  const byBarcode = new Map<string, ReadonlySet<number>>();
  let after = 0;
  let running: Promise<void> | undefined;

  const put = (article: number, barcodes: readonly string[]): void => {
    for (const old of byArticle.get(article) ?? []) {
      const left = new Set(byBarcode.get(old));
      left.delete(article);
      if (left.size === 0) byBarcode.delete(old);
      else byBarcode.set(old, left);
    }
    byArticle.set(article, barcodes);
    for (const barcode of barcodes) byBarcode.set(barcode, new Set([...(byBarcode.get(barcode) ?? []), article]));
  };

  const catchUp = async (): Promise<void> => {
    for await (const page of productPages(till, after)) {
      for (const { product, marker } of page) {
        for (const { articleNumber, barcode, barcodeList } of product.articleList) {
          put(articleNumber, [...new Set([barcode, ...barcodeList.map((each) => each.barcode)].flatMap((each) => each?.trim() || []))]);
        }
        after = marker;
      }
    }
  };

  return {
    async find() {
      running ??= catchUp().finally(() => {
        running = undefined;
      });
      await running;
      return (barcode) => {
        const articles = byBarcode.get(barcode.trim());
        return articles === undefined ? undefined : Math.min(...articles);
      };
    },
  };
}
