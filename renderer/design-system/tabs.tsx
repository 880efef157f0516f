import type { ReactNode } from "react";
import { Tab, TabList, TabPanel, Tabs as AriaTabs } from "react-aria-components";
import styles from "./tabs.module.css";

interface TabsProps {
  readonly label: string;
  readonly tabs: readonly { readonly id: string; readonly title: string; readonly content: ReactNode }[];
  readonly orientation?: "horizontal" | "vertical";
}

export function Tabs({ label, tabs, orientation = "horizontal" }: TabsProps) {
  return (
    <AriaTabs className={styles["tabs"]!} orientation={orientation}>
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
