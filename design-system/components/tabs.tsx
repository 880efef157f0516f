import type { ReactNode } from "react";
import { Tab, TabList, TabPanel, Tabs as AriaTabs } from "react-aria-components";
import styles from "./tabs.module.css";

interface TabsProps {
  readonly label: string;
  readonly tabs: readonly { readonly id: string; readonly title: string; readonly content: ReactNode }[];
  /** Which one is shown, for whoever has a say in it; without it, the one that was turned to. */
  readonly selected?: string;
  readonly onSelect?: (id: string) => void;
  readonly orientation?: "horizontal" | "vertical";
}

export function Tabs({ label, tabs, selected, onSelect, orientation = "horizontal" }: TabsProps) {
  return (
    <AriaTabs
      className={styles["tabs"]!}
      orientation={orientation}
      {...(selected === undefined ? {} : { selectedKey: selected })}
      onSelectionChange={(id) => onSelect?.(String(id))}
    >
      <TabList aria-label={label} className={styles["list"]!}>
        {tabs.map((tab) => (
          <Tab key={tab.id} id={tab.id} className={styles["tab"]!}>
            {tab.title}
          </Tab>
        ))}
      </TabList>
      {tabs.map((tab) => (
        <TabPanel key={tab.id} id={tab.id} className={styles["panel"]!}>
          {tab.content}
        </TabPanel>
      ))}
    </AriaTabs>
  );
}
