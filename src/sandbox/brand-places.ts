// Where the demo brand sells: seven large regions, their provinces and cities, and about 120 stores.
import { areaList } from "@vant/area-data";
import type { Rng } from "./brand-chance.js";

/** A large region: its provinces (first two digits of the area code), its share of stores, how well it works. */
export interface LargeRegion {
  name: string;
  provinces: readonly string[];
  stores: number;
  /** around 1; moves how readily guides act and customers answer */
  factor: number;
}

/** The brand's regions, from the one that runs best to the one that has trouble. */
const largeRegions: readonly LargeRegion[] = [
  { name: "华东", provinces: ["31", "32", "33", "34"], stores: 28, factor: 1.12 },
  { name: "华南", provinces: ["44", "45", "35"], stores: 22, factor: 1.06 },
  { name: "华北", provinces: ["11", "12", "13", "37"], stores: 21, factor: 1.0 },
  { name: "华中", provinces: ["41", "42", "43", "36"], stores: 18, factor: 0.97 },
  { name: "西南", provinces: ["50", "51", "52", "53"], stores: 15, factor: 0.9 },
  { name: "东北", provinces: ["21", "22", "23"], stores: 9, factor: 0.74 },
  { name: "西北", provinces: ["61", "62", "64", "65"], stores: 7, factor: 0.62 },
];

/** A store of the demo brand. */
export interface BrandStore {
  code: string;
  name: string;
  region: string;
  province: string;
  city: string;
  factor: number;
}

const places = [
  "万达店",
  "吾悦店",
  "人民路店",
  "中心医院店",
  "银泰店",
  "妇幼店",
  "解放路店",
  "新城店",
  "大悦城店",
];

/** About 120 stores; a city gets more than one store with a small chance. */
export function makeStores(rng: Rng): BrandStore[] {
  const stores: BrandStore[] = [];
  for (const region of largeRegions) {
    for (let i = 0; i < region.stores; i++) {
      const province = rng.pick(region.provinces);
      const city = rng.pick(citiesOf(province));
      stores.push({
        code: `S${String(stores.length + 1).padStart(3, "0")}`,
        name: `${shortName(city)}${places[stores.length % places.length]}`,
        region: region.name,
        province: areaList.province_list[`${province}0000`] ?? province,
        city,
        factor: region.factor,
      });
    }
  }
  return stores;
}

/** The larger cities of a province: the first three of its list, which begins with the capital. */
function citiesOf(province: string): string[] {
  return Object.entries(areaList.city_list)
    .filter(([code, name]) => code.startsWith(province) && !/直辖|^县$/.test(name))
    .slice(0, 3)
    .map(([, name]) => name);
}

function shortName(city: string): string {
  return city.replace(/(市|地区|自治州|盟)$/, "");
}
