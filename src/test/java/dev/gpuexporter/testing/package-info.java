/** What tests need from the machine they run on: programs, and a word about those that are missing. */
package dev.gpuexporter.testing;
