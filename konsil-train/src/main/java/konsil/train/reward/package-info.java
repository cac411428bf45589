/** How good a completion is: letters, fields, boxes and texts held against the right answer, or a command's opinion. */
package konsil.train.reward;
